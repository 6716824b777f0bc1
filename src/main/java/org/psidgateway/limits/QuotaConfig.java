package org.psidgateway.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "gateway.quota")
interface QuotaConfig {
  /** The app's lifetime quota of conversions. The lower of this and the fan share applies. */
  @WithDefault("5000000")
  long ceiling();

  /** Share of the sum of all Pages' fans; applies only once every Page has its fans set. */
  @WithDefault("0.01")
  double fanShare();

  /**
   * Share of the quota limit that may be uncertain. Beyond it, calls go out one at a time, and
   * small.
   */
  @WithDefault("0.01")
  double uncertainCap();

  /** Share of the quota limit that background work may not use. */
  @WithDefault("0.05")
  double reserveFloor();
}
