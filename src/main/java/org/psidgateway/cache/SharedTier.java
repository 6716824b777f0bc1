package org.psidgateway.cache;

import io.smallrye.mutiny.Uni;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;

/** A memory that pods share. Whatever is wrong with it, it only ever knows nothing. Thread-safe. */
interface SharedTier {
  /** For pods that have none. */
  SharedTier NONE =
      new SharedTier() {
        @Override
        public Uni<Findings> find(PageId page, long[] asids) {
          return Uni.createFrom().item(Findings.NONE);
        }

        @Override
        public void keep(PageId page, Findings findings) {}

        @Override
        public Uni<Void> evict(PageId page, long[] asids) {
          return Uni.createFrom().voidItem();
        }
      };

  /** What is known of {@code asids}, in one round trip. Never fails. */
  Uni<Findings> find(PageId page, long[] asids);

  /** Keeps answers, some time soon or not at all. */
  void keep(PageId page, Findings findings);

  /** Forgets ids; fails where that can't be said to have happened. */
  Uni<Void> evict(PageId page, long[] asids);
}
