package org.psidgateway.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;

/**
 * L1: answers in this process. A mapping stays until room is needed; a negative for a minute, and
 * never longer than until it may be asked again. Thread-safe, takes no lock for reading.
 */
final class LocalTier {
  /** So that a pod which missed an invalidation is wrong for a minute, not for a month. */
  static final Duration NEGATIVE_LIFE = Duration.ofSeconds(60);

  private final AnswerTable table;

  /** Small numbers for Pages: one look-up per list saves four bytes per entry. */
  private final Map<Long, Integer> pages = new ConcurrentHashMap<>();

  private final AtomicInteger lastPage = new AtomicInteger();
  private final long recheckMillis;
  private final InstantSource clock;
  private final CacheMeters meters;

  LocalTier(int maxEntries, Duration recheckAfter, InstantSource clock, CacheMeters meters) {
    this.table = new AnswerTable(maxEntries);
    this.recheckMillis = recheckAfter.toMillis();
    this.clock = clock;
    this.meters = meters;
  }

  /** A verdict, or {@link Verdict#UNKNOWN}. */
  long peek(PageId page, long asid) {
    Integer number = pages.get(page.value());
    long verdict =
        number == null ? Verdict.UNKNOWN : verdict(table.get(number, asid), clock.millis());
    meters.local(1, verdict == Verdict.UNKNOWN ? 0 : 1);
    return verdict;
  }

  Optional<Mapping> find(PageId page, long asid) {
    long verdict = peek(page, asid);
    if (verdict == Verdict.UNKNOWN) {
      return Optional.empty();
    }
    Instant checkedAt = Instant.ofEpochSecond(table.checkedAt(number(page), asid));
    return checkedAt.equals(Instant.EPOCH) // evicted meanwhile
        ? Optional.empty()
        : Optional.of(new Mapping(page, asid, verdict, Source.CACHE, checkedAt, checkedAt));
  }

  void fill(PageId page, Answers answers) {
    int asked = answers.open();
    Integer number = pages.get(page.value());
    if (number != null && asked > 0) {
      fill(number, answers);
    }
    meters.local(asked, asked - answers.open());
  }

  private void fill(int page, Answers answers) {
    long now = clock.millis();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.isOpen(i)) {
        long verdict = verdict(table.get(page, answers.asid(i)), now);
        if (verdict != Verdict.UNKNOWN) {
          answers.answer(i, verdict, Source.CACHE);
        }
      }
    }
  }

  void keep(PageId page, Findings findings) {
    int number = number(page);
    long now = clock.millis();
    for (int i = 0; i < findings.size(); i++) {
      long verdict = findings.verdicts()[i];
      long checkedAt = findings.checkedAt()[i];
      if (Verdict.isPsid(verdict)) {
        table.put(number, findings.asids()[i], verdict, checkedAt);
      } else {
        long life = Math.min(NEGATIVE_LIFE.toMillis(), checkedAt * 1000 + recheckMillis - now);
        if (life > 0) {
          table.put(number, findings.asids()[i], negative(verdict, now + life), checkedAt);
        }
      }
    }
  }

  void forget(PageId page, long[] asids) {
    Integer number = pages.get(page.value());
    if (number != null) {
      for (long asid : asids) {
        table.remove(number, asid);
      }
    }
  }

  void forgetAll() {
    table.clear();
  }

  int size() {
    return table.size();
  }

  private int number(PageId page) {
    return pages.computeIfAbsent(page.value(), unseen -> lastPage.incrementAndGet());
  }

  /**
   * Below zero, and so never taken for a PSID: the moment of expiry, and which of the two it is.
   */
  private static long negative(long verdict, long expiresAt) {
    return -(expiresAt << 1 | (verdict == Verdict.REJECTED ? 1 : 0));
  }

  private static long verdict(long value, long now) {
    if (value >= 0) {
      return value;
    }
    long left = (-value >>> 1) - now;
    if (left <= 0 || left > NEGATIVE_LIFE.toMillis()) { // longer if the clock was set back
      return Verdict.UNKNOWN;
    }
    return (-value & 1) == 1 ? Verdict.REJECTED : Verdict.UNMAPPED;
  }
}
