package org.psidgateway.cache;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.psidgateway.ops.StartReport;

/** Which tiers there are. */
@Singleton
@Priority(StartReport.CACHE)
class CacheReport implements StartReport {
  private final CacheConfig config;

  CacheReport(CacheConfig config) {
    this.config = config;
  }

  @Override
  public String report() {
    int entries = config.l1().maxEntries();
    return (entries == 0 ? "L1 off" : "L1 of " + entries + " answers")
        + (config.redis().enabled() ? ", Redis on" : ", Redis off");
  }
}
