package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.Command;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Verdict;

/** Against a real Redis that is well. */
class RedisTierTest extends RedisTierHarness {

  private final RedisTier tier = tier(Settings.PATIENT);

  private static Findings mapped(long from, long to, long checkedAt) {
    long[] asids = LongStream.range(from, to).toArray();
    long[] psids = Arrays.stream(asids).map(asid -> asid * 7).toArray();
    long[] times = Arrays.stream(asids).map(asid -> checkedAt).toArray();
    return new Findings(asids, psids, times);
  }

  private Findings one(long asid, long verdict, Duration age) {
    return new Findings(
        new long[] {asid}, new long[] {verdict}, new long[] {clock.seconds() - age.toSeconds()});
  }

  private void keep(Findings findings, int keysThen) {
    tier.keep(PAGE, findings);
    Awaitility.await().until(() -> redis.ask(Command.DBSIZE).toInteger() == keysThen);
  }

  private Findings find(long... asids) {
    return tier.find(PAGE, asids).await().atMost(Duration.ofSeconds(10));
  }

  @Test
  void find_knownList_isOneCommand() {
    Findings kept = mapped(1, 201, clock.seconds());
    keep(kept, 200);
    int before = redis.calls("mget");

    Findings found = find(LongStream.range(1, 251).toArray());

    assertThat(redis.calls("mget")).isEqualTo(before + 1);
    assertThat(found.asids()).isEqualTo(kept.asids());
    assertThat(found.verdicts()).isEqualTo(kept.verdicts());
    assertThat(found.checkedAt()).isEqualTo(kept.checkedAt());
    assertThat(requests("hit")).isEqualTo(200);
    assertThat(requests("miss")).isEqualTo(50);
  }

  @Test
  void find_longList_isFewCommandsInOneBatch() {
    Findings kept = mapped(1, 10_001, clock.seconds());
    keep(kept, 10_000);
    int before = redis.calls("mget");

    Findings found = find(kept.asids());

    assertThat(redis.calls("mget")).isEqualTo(before + 10);
    assertThat(found.verdicts()).isEqualTo(kept.verdicts());
  }

  @Test
  void find_otherPage_nothing() {
    keep(mapped(1, 11, clock.seconds()), 10);
    Findings found =
        tier.find(new PageId(101), mapped(1, 11, 0).asids()).await().atMost(Duration.ofSeconds(10));
    assertThat(found.size()).isZero();
  }

  @Test
  void find_valueThatIsNoAnswer_isAMiss() {
    RedisMac mac = Settings.FORMAT.mac();
    long now = clock.seconds();
    redis.ask(Command.SET, Settings.FORMAT.key(100, 1), mac.value(100, 1, 11, now, now));
    redis.ask(Command.SET, Settings.FORMAT.key(100, 2), "123456781234567812345678");
    redis.ask(Command.SET, Settings.FORMAT.key(100, 3), "12345678");
    redis.ask(Command.SET, Settings.FORMAT.key(100, 4), "");
    redis.ask(Command.HSET, Settings.FORMAT.key(100, 5), "field", "value");
    redis.ask(Command.SET, Settings.FORMAT.key(100, 6), mac.value(100, 6, -3, now, now));
    redis.ask(Command.SET, Settings.FORMAT.key(100, 7), mac.value(100, 7, 0, now, now));

    assertThat(find(1, 2, 3, 4, 5, 6, 7).asids()).containsExactly(1);
  }

  @Test
  void find_negative_untilItsRecheck() {
    keep(one(1, Verdict.UNMAPPED, RECHECK.minusSeconds(100)), 1);
    long left = redis.ask(Command.TTL, Settings.FORMAT.key(100, 1)).toLong();
    assertThat(left).isBetween(90L, 100L);
    clock.advance(Duration.ofSeconds(99));
    assertThat(find(1).verdicts()).containsExactly(Verdict.UNMAPPED);
    clock.advance(Duration.ofSeconds(1));
    assertThat(find(1).size()).isZero();
  }

  @Test
  void keep_negativeAfterMapping_changesNothing() {
    keep(one(1, 11, Duration.ZERO), 1);
    tier.keep(PAGE, one(1, Verdict.UNMAPPED, Duration.ZERO));
    keep(one(2, 22, Duration.ZERO), 2);
    assertThat(find(1).verdicts()).containsExactly(11);
  }

  @Test
  void keep_mappingAfterNegative_replacesIt() {
    keep(one(1, Verdict.REJECTED, Duration.ZERO), 1);
    tier.keep(PAGE, one(1, 11, Duration.ZERO));
    Awaitility.await().untilAsserted(() -> assertThat(find(1).verdicts()).containsExactly(11));
  }

  @Test
  void keep_entriesExpire_notAllAtOnce() {
    keep(mapped(1, 101, clock.seconds()), 100);
    long[] ttls =
        LongStream.range(1, 101)
            .map(asid -> redis.ask(Command.TTL, Settings.FORMAT.key(100, asid)).toLong())
            .toArray();
    assertThat(Arrays.stream(ttls).boxed())
        .allSatisfy(ttl -> assertThat(ttl).isBetween(77_000L, 86_400L));
    assertThat(Arrays.stream(ttls).distinct().count()).isGreaterThan(50);
  }

  @Test
  void forget_deletes() {
    keep(mapped(1, 11, clock.seconds()), 10);
    tier.forget(PAGE, new long[] {1, 2, 99}).await().atMost(Duration.ofSeconds(10));
    assertThat(find(mapped(1, 11, 0).asids()).size()).isEqualTo(8);
  }

  /** A pod of the previous version may still answer from there. */
  @Test
  void forget_deletesWhatTheVersionBeforeHas() {
    redis.ask(Command.SET, RedisFormat.previousKey(100, 1), "of the version before");
    keep(one(1, 11, Duration.ZERO), 2);

    tier.forget(PAGE, new long[] {1}).await().atMost(Duration.ofSeconds(10));

    assertThat(redis.ask(Command.DBSIZE).toInteger()).isZero();
  }

  @Test
  void redisFull_readsAndDeletes_goOn() {
    keep(mapped(1, 11, clock.seconds()), 10);
    redis.ask(Command.CONFIG, "SET", "maxmemory", "1");
    try {
      for (int i = 0; i < 60; i++) {
        tier.keep(PAGE, one(100 + i, 5, Duration.ZERO));
      }
      Awaitility.await().until(() -> breaker(CacheMeters.WRITE) > 0);
      assertThat(find(1, 2).size()).isEqualTo(2);
      tier.forget(PAGE, new long[] {1}).await().atMost(Duration.ofSeconds(10));
      assertThat(find(1, 2).size()).isEqualTo(1);
      assertThat(breaker(CacheMeters.READ)).isZero();
    } finally {
      redis.ask(Command.CONFIG, "SET", "maxmemory", "0");
    }
    Awaitility.await()
        .until(
            () -> {
              tier.keep(PAGE, one(300, 5, Duration.ZERO));
              return find(300).size() == 1;
            });
  }

  private double requests(String result) {
    return registry
        .get("gateway.cache.requests")
        .tag("tier", "l2")
        .tag("result", result)
        .counter()
        .count();
  }

  private double breaker(String work) {
    return registry.get("gateway.cache.breaker.state").tag("work", work).gauge().value();
  }
}
