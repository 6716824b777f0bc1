package org.psidgateway.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "gateway.quota")
interface QuotaConfig {
  /** The app's lifetime conversions; the lower of this and the fan share holds. */
  @WithDefault("5000000")
  long ceiling();

  /** Share of the sum of all Pages' fans; applies only once every Page has its fans set. */
  @WithDefault("0.01")
  double fanShare();

  /** Share of the limit that may be uncertain before only one call at a time goes out. */
  @WithDefault("0.01")
  double uncertainCap();

  /** Share of the limit that background work may not touch. */
  @WithDefault("0.05")
  double reserveFloor();
}
