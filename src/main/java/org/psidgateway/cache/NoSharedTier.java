package org.psidgateway.cache;

import io.smallrye.mutiny.Uni;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;

/** No L2: knows nothing, keeps nothing. */
final class NoSharedTier implements SharedTier {

  @Override
  public Uni<Findings> find(PageId page, long[] asids) {
    return Uni.createFrom().item(Findings.NONE);
  }

  @Override
  public void keep(PageId page, Findings findings) {}

  @Override
  public Uni<Void> forget(PageId page, long[] asids) {
    return Uni.createFrom().voidItem();
  }
}
