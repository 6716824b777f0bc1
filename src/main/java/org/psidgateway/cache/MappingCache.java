package org.psidgateway.cache;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;

/** Fast memory of answers: L1 in this process, L2 shared through Redis. */
@ApplicationScoped
public class MappingCache {

  /** What L1 knows of {@code asid}, see {@link org.psidgateway.model.Verdict}. Never blocks. */
  public long peek(PageId page, long asid) {
    throw new UnsupportedOperationException();
  }

  /** One id from L1, with what it remembers of the time. Never blocks. */
  public Optional<Mapping> find(PageId page, long asid) {
    throw new UnsupportedOperationException();
  }

  /** Writes what L1 knows on the sheet's blank lines. Never blocks, allocates nothing per id. */
  public void fillLocal(PageId page, Answers answers) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes what L2 knows on the sheet's blank lines, in one round trip, and keeps it in L1. Never
   * fails: a tier that is slow, dead or wrong is a miss.
   */
  public Uni<Void> fillShared(PageId page, Answers answers) {
    throw new UnsupportedOperationException();
  }

  /**
   * Keeps committed answers in both tiers; returns once L1 has them, L2 follows. Call it only with
   * what PostgreSQL has committed.
   */
  public void keep(PageId page, Findings findings) {
    throw new UnsupportedOperationException();
  }

  /** Forgets ids in both tiers. */
  public Uni<Void> evict(PageId page, long[] asids) {
    throw new UnsupportedOperationException();
  }
}
