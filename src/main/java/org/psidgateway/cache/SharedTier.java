package org.psidgateway.cache;

import io.smallrye.mutiny.Uni;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;

/** L2: answers that pods share. Thread-safe. */
interface SharedTier {

  /**
   * What it knows of these ids, in their order. Never fails: a tier that is slow, dead or wrong
   * knows nothing.
   */
  Uni<Findings> find(PageId page, long[] asids);

  /** Keeps what it can, in the background. */
  void keep(PageId page, Findings findings);

  /** Forgets these ids. Fails if it may still know them. */
  Uni<Void> forget(PageId page, long[] asids);
}
