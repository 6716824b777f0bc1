package org.psidgateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;

/**
 * L1, in this process: mappings, which never expire, in a {@link MappingTable}; negatives, which
 * do, in Caffeine, each until its own time and for a minute at most, so that what another pod has
 * learnt meanwhile is not overlooked for longer. Thread-safe, never blocks.
 */
final class LocalTier {
  private static final Duration LONGEST_NEGATIVE = Duration.ofSeconds(60);

  private record Key(long page, long asid) {}

  private record Negative(long verdict, long checkedAt, long expiresAt) {}

  private final MappingTable mappings;
  private final Cache<Key, Negative> negatives;
  private final InstantSource clock;
  private final Duration recheckAfter;

  LocalTier(int maxEntries, Duration recheckAfter, InstantSource clock) {
    this.mappings = new MappingTable(maxEntries);
    this.negatives =
        Caffeine.newBuilder().maximumSize(maxEntries).expireAfterWrite(LONGEST_NEGATIVE).build();
    this.clock = clock;
    this.recheckAfter = recheckAfter;
  }

  /** See {@link Verdict}; {@link Verdict#UNKNOWN} where nothing is known here. */
  long get(PageId page, long asid) {
    long psid = mappings.get(page.value(), asid);
    if (psid != 0 || negatives.estimatedSize() == 0) {
      return psid;
    }
    Negative negative = negatives.getIfPresent(new Key(page.value(), asid));
    return negative == null || clock.millis() >= negative.expiresAt
        ? Verdict.UNKNOWN
        : negative.verdict;
  }

  Optional<Mapping> find(PageId page, long asid) {
    long verdict = get(page, asid);
    long time = checkedAt(page, asid);
    if (verdict == Verdict.UNKNOWN || time == 0) {
      return Optional.empty();
    }
    Instant at = Instant.ofEpochSecond(time);
    return Optional.of(new Mapping(page, asid, verdict, Source.CACHE, at, at));
  }

  private long checkedAt(PageId page, long asid) {
    long resolvedAt = mappings.resolvedAt(page.value(), asid);
    if (resolvedAt != 0) {
      return resolvedAt;
    }
    Negative negative = negatives.getIfPresent(new Key(page.value(), asid));
    return negative == null ? 0 : negative.checkedAt;
  }

  void keep(PageId page, Findings findings) {
    for (int i = 0; i < findings.size(); i++) {
      keep(page, findings.asids()[i], findings.verdicts()[i], findings.checkedAt()[i]);
    }
  }

  private void keep(PageId page, long asid, long verdict, long checkedAt) {
    if (Verdict.isPsid(verdict)) {
      mappings.put(page.value(), asid, verdict, checkedAt);
    } else if (mappings.get(page.value(), asid) == 0) { // a mapping never yields to a negative
      long now = clock.millis();
      long expiresAt =
          Math.min(now + LONGEST_NEGATIVE.toMillis(), checkedAt * 1000 + recheckAfter.toMillis());
      if (expiresAt > now) {
        negatives.put(new Key(page.value(), asid), new Negative(verdict, checkedAt, expiresAt));
      }
    }
  }

  void evict(PageId page, long[] asids) {
    for (long asid : asids) {
      mappings.remove(page.value(), asid);
      negatives.invalidate(new Key(page.value(), asid));
    }
  }

  long entries() {
    return mappings.size() + negatives.estimatedSize();
  }
}
