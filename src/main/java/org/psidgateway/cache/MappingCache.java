package org.psidgateway.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;

/**
 * Fast memory of answers: L1 in this process, L2 shared through Redis where that is enabled. It
 * holds nothing that PostgreSQL has not committed, and may forget anything at any time.
 * Thread-safe.
 */
@Startup // its meters are there from the start
@ApplicationScoped
public class MappingCache {
  private final LocalTier local;
  private final SharedTier shared;
  private final Counter[] counters;

  @Inject
  MappingCache(
      CacheConfig config,
      NegativeConfig negative,
      InstantSource clock,
      Instance<Redis> redis,
      MeterRegistry registry) {
    this(
        new LocalTier(config.l1().maxEntries(), negative.recheckAfter(), clock),
        config.redis().enabled()
            ? new RedisTier(
                redis.get(),
                config.redis(),
                negative.recheckAfter(),
                clock,
                registry,
                TypedGuard.create(new TypeLiteral<>() {}))
            : SharedTier.NONE,
        registry);
  }

  MappingCache(LocalTier local, SharedTier shared, MeterRegistry registry) {
    this.local = local;
    this.shared = shared;
    this.counters =
        new Counter[] {
          counter(registry, "l1", "hit"),
          counter(registry, "l1", "miss"),
          counter(registry, "l2", "hit"),
          counter(registry, "l2", "miss")
        };
    Gauge.builder("gateway.cache.entries", local, LocalTier::entries)
        .description("Answers that L1 holds")
        .baseUnit("entries")
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String tier, String result) {
    return Counter.builder("gateway.cache.requests")
        .description("Ids looked up in a tier of the cache, by result")
        .baseUnit("ids")
        .tag("tier", tier)
        .tag("result", result)
        .register(registry);
  }

  /** One id from L1, with the time it remembers. Never blocks. */
  public Optional<Mapping> find(PageId page, long asid) {
    Optional<Mapping> found = local.find(page, asid);
    count(0, found.isPresent() ? 1 : 0, 1);
    return found;
  }

  /** Writes what L1 knows on the sheet's blank lines. Never blocks, makes no object an id. */
  public void fillLocal(PageId page, Answers answers) {
    int asked = answers.open();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.isOpen(i)) {
        long verdict = local.get(page, answers.asid(i));
        if (verdict != Verdict.UNKNOWN) {
          answers.know(i, verdict, Source.CACHE);
        }
      }
    }
    count(0, asked - answers.open(), asked);
  }

  /**
   * Writes what L2 knows on the sheet's blank lines, in one round trip, and keeps it in L1. Never
   * fails, and takes no longer than the tier's time-out: what is slow, dead or wrong is a miss.
   */
  public Uni<Void> fillShared(PageId page, Answers answers) {
    if (shared == SharedTier.NONE) {
      return Uni.createFrom().voidItem();
    }
    int asked = answers.open();
    return shared
        .find(page, answers.openAsids())
        .invoke(
            findings -> {
              local.keep(page, findings);
              write(answers, findings);
              count(2, findings.size(), asked);
            })
        .replaceWithVoid();
  }

  /** The findings stand in the order of the sheet. */
  private static void write(Answers answers, Findings findings) {
    for (int i = 0, found = 0; found < findings.size(); i++) {
      if (answers.isOpen(i) && answers.asid(i) == findings.asids()[found]) {
        answers.know(i, findings.verdicts()[found++], Source.CACHE);
      }
    }
  }

  /**
   * Keeps answers in both tiers; L1 has them on return, L2 follows. Only what PostgreSQL has
   * committed may be given.
   */
  public void keep(PageId page, Findings findings) {
    if (findings.size() > 0) {
      local.keep(page, findings);
      shared.keep(page, findings);
    }
  }

  /** Forgets ids in both tiers; fails where L2 can't be reached. */
  public Uni<Void> evict(PageId page, long[] asids) {
    local.evict(page, asids);
    return shared.evict(page, Arrays.copyOf(asids, asids.length));
  }

  private void count(int first, int hits, int asked) {
    if (hits > 0) {
      counters[first].increment(hits);
    }
    if (asked > hits) {
      counters[first + 1].increment(asked - hits);
    }
  }
}
