package org.psidgateway.cache;

import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;

/**
 * Fast memory of answers: L1 in this process, L2 shared through Redis. Knows only what it was given
 * to keep, and forgets at will; a negative is kept for a minute in L1 and until it may be asked
 * again in L2. Thread-safe.
 */
@Startup // its meters are there from the start
@Singleton
public class MappingCache {
  private final LocalTier local;
  private final SharedTier shared;

  /** Moves with every eviction, so that a look-up under way meanwhile does not bring ids back. */
  private final AtomicLong evictions = new AtomicLong();

  MappingCache(LocalTier local, SharedTier shared) {
    this.local = local;
    this.shared = shared;
  }

  /** One id from L1, which keeps one timestamp, to the second: the last check. Never blocks. */
  public Optional<Mapping> find(PageId page, long asid) {
    return local.find(page, asid);
  }

  /** Writes what L1 knows on the sheet's blank lines. Never blocks, allocates nothing per id. */
  public void fillLocal(PageId page, Answers answers) {
    local.fill(page, answers);
  }

  /**
   * Writes what L2 knows on the sheet's blank lines, in one round trip, and keeps it in L1. Never
   * fails: a tier that is slow, dead or wrong is a miss. The sheet is written before the item is
   * emitted, and never after.
   */
  public Uni<Void> fillShared(PageId page, Answers answers) {
    return Uni.createFrom()
        .deferred(
            () -> {
              long before = evictions.get();
              return shared
                  .find(page, answers.openAsids())
                  .invoke(
                      findings -> {
                        write(answers, findings);
                        keepLocal(page, findings, before);
                      })
                  .replaceWithVoid();
            });
  }

  /** The findings come in the order of the sheet. */
  private static void write(Answers answers, Findings findings) {
    for (int i = 0, found = 0; found < findings.size() && i < answers.size(); i++) {
      if (answers.asid(i) == findings.asids()[found]) {
        answers.answer(i, findings.verdicts()[found], Source.CACHE);
        found++;
      }
    }
  }

  private void keepLocal(PageId page, Findings findings, long before) {
    local.keep(page, findings);
    if (evictions.get() != before) {
      local.forget(page, findings.asids());
    }
  }

  /**
   * Keeps committed answers in both tiers; returns once L1 has them, L2 follows. Call it only with
   * what PostgreSQL has committed. A negative never replaces a mapping. Never blocks on I/O.
   */
  public void keep(PageId page, Findings findings) {
    local.keep(page, findings);
    shared.keep(page, findings);
  }

  /** As {@link #keep}, but for this process alone: what other pods should not have. */
  public void keepForOneself(PageId page, Findings findings) {
    local.keep(page, findings);
  }

  /**
   * Forgets ids in both tiers: in L1 at once, in L2 when subscribed to. Fails if Redis could not be
   * reached: it may then hand them to any pod until its entries expire, so try again.
   */
  public Uni<Void> evict(PageId page, long[] asids) {
    forgetLocal(page, asids);
    // Once more afterwards: a look-up may have brought them back from L2 meanwhile.
    return shared.forget(page, asids).eventually(() -> forgetLocal(page, asids));
  }

  /** Forgets everything in L1, at once. */
  void forgetLocal() {
    evictions.incrementAndGet();
    local.forgetAll();
  }

  private void forgetLocal(PageId page, long[] asids) {
    evictions.incrementAndGet();
    local.forget(page, asids);
  }
}
