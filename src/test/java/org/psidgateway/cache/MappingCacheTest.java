package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.PlainGuards;

class MappingCacheTest {
  private static final PageId PAGE = new PageId(100);
  private static final Duration RECHECK = Duration.ofDays(30);
  private static OwnRedis redis;
  private static PlainGuards guards;
  private static RedisTier shared;
  private static int rounds;

  private static final MovableClock CLOCK = new MovableClock(Instant.parse("2026-11-01T10:00:00Z"));

  record Known(long page, long asid, long verdict) {}

  @BeforeContainer
  static void start() throws Exception {
    redis = new OwnRedis();
    guards = new PlainGuards();
    shared =
        new RedisTier(
            new ServerPipeline(redis.client()),
            () -> Settings.FORMAT,
            Settings.PATIENT,
            RECHECK,
            CLOCK,
            new CacheMeters(new SimpleMeterRegistry()),
            Settings.SERVERS,
            guards::builder);
  }

  @AfterContainer
  static void stop() throws Exception {
    guards.close();
    redis.close();
  }

  private static LocalTier local() {
    return new LocalTier(100_000, RECHECK, CLOCK, new CacheMeters(new SimpleMeterRegistry()));
  }

  @Provide
  Arbitrary<Known> known() {
    Arbitrary<Long> ids =
        Arbitraries.oneOf(
            Arbitraries.longs().between(1, 30), Arbitraries.longs().between(1, Long.MAX_VALUE));
    return Combinators.combine(
            Arbitraries.longs().between(0, 2),
            ids,
            Arbitraries.oneOf(ids, Arbitraries.of(Verdict.UNMAPPED, Verdict.REJECTED)))
        .as(Known::new);
  }

  /** Each round has Pages of its own; another pod, with an empty L1, reads through Redis alone. */
  @Property(tries = 200)
  void whatWasKept_isReadBack_andNothingElse(
      @ForAll @Size(max = 60) List<@net.jqwik.api.From("known") Known> script) {
    long base = 1 + 10L * rounds++;
    MappingCache cache = new MappingCache(local(), shared);
    Map<Long, Map<Long, Long>> truth = new HashMap<>();
    for (Known known : script) {
      truth
          .computeIfAbsent(base + known.page(), page -> new HashMap<>())
          .putIfAbsent(known.asid(), known.verdict());
    }
    truth.forEach((page, answers) -> cache.keep(new PageId(page), findings(answers)));

    MappingCache otherPod = new MappingCache(local(), shared);
    for (long page = base; page < base + 4; page++) {
      long id = page;
      Map<Long, Long> expected = truth.getOrDefault(page, Map.of());
      assertThat(local(cache, id, script)).isEqualTo(expected);
      Awaitility.await()
          .pollInterval(Duration.ofMillis(2))
          .untilAsserted(() -> assertThat(fromRedis(otherPod, id, script)).isEqualTo(expected));
      assertThat(local(otherPod, id, script)).isEqualTo(expected);
    }
  }

  private static Findings findings(Map<Long, Long> answers) {
    long[] asids = answers.keySet().stream().mapToLong(Long::longValue).toArray();
    long[] verdicts = new long[asids.length];
    long[] checkedAt = new long[asids.length];
    for (int i = 0; i < asids.length; i++) {
      verdicts[i] = answers.get(asids[i]);
      checkedAt[i] = CLOCK.seconds();
    }
    return new Findings(asids, verdicts, checkedAt);
  }

  private static Answers sheet(List<Known> script) {
    List<Long> asids = new ArrayList<>(List.of(31L, Long.MAX_VALUE));
    script.forEach(known -> asids.add(known.asid()));
    return new Answers(asids.stream().mapToLong(Long::longValue).distinct().toArray());
  }

  private static Map<Long, Long> local(MappingCache cache, long page, List<Known> script) {
    Answers answers = sheet(script);
    cache.fillLocal(new PageId(page), answers);
    Map<Long, Long> known = known(answers);
    for (int i = 0; i < answers.size(); i++) {
      assertThat(verdict(cache, new PageId(page), answers.asid(i)))
          .isEqualTo(known.getOrDefault(answers.asid(i), Verdict.UNKNOWN));
    }
    return known;
  }

  private static long verdict(MappingCache cache, PageId page, long asid) {
    return cache.find(page, asid).map(Mapping::verdict).orElse(Verdict.UNKNOWN);
  }

  private static Map<Long, Long> fromRedis(MappingCache cache, long page, List<Known> script) {
    Answers answers = sheet(script);
    cache.fillShared(new PageId(page), answers).await().atMost(Duration.ofSeconds(10));
    return known(answers);
  }

  private static Map<Long, Long> known(Answers answers) {
    Map<Long, Long> known = new HashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      if (!answers.isOpen(i)) {
        assertThat(answers.source(i)).isEqualTo(Source.CACHE);
        long verdict =
            switch (answers.fate(i)) {
              case MAPPED -> answers.psid(i);
              case NOT_RETURNED_BY_UPSTREAM -> Verdict.UNMAPPED;
              case REJECTED_BY_UPSTREAM -> Verdict.REJECTED;
              default -> throw new AssertionError(answers.fate(i));
            };
        known.put(answers.asid(i), verdict);
      }
    }
    return known;
  }

  @Test
  void fillShared_doesNotBringBack_whatIsEvictedMeanwhile() {
    Findings stale = new Findings(new long[] {1}, new long[] {11}, new long[] {CLOCK.seconds()});
    MappingCache[] cache = new MappingCache[1];
    SharedTier slow =
        new SharedTier() {
          @Override
          public Uni<Findings> find(PageId page, long[] asids) {
            cache[0].evict(page, new long[] {1}).await().indefinitely();
            return Uni.createFrom().item(stale);
          }

          @Override
          public void keep(PageId page, Findings findings) {}

          @Override
          public Uni<Void> forget(PageId page, long[] asids) {
            return Uni.createFrom().voidItem();
          }
        };
    cache[0] = new MappingCache(local(), slow);
    cache[0].fillShared(PAGE, new Answers(new long[] {1})).await().indefinitely();
    assertThat(cache[0].find(PAGE, 1)).isEmpty();
  }

  @Test
  void withoutRedis_l1Alone() {
    MappingCache cache = new MappingCache(local(), new NoSharedTier());
    cache.keep(PAGE, new Findings(new long[] {1}, new long[] {11}, new long[] {CLOCK.seconds()}));
    Answers answers = new Answers(new long[] {1, 2});
    cache.fillLocal(PAGE, answers);
    cache.fillShared(PAGE, answers).await().indefinitely();
    assertThat(answers.psid(0)).isEqualTo(11);
    assertThat(answers.isOpen(1)).isTrue();
    cache.evict(PAGE, new long[] {1}).await().indefinitely();
    assertThat(cache.find(PAGE, 1)).isEmpty();
  }
}
