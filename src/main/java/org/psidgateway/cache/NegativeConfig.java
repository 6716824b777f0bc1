package org.psidgateway.cache;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.negative")
interface NegativeConfig {
  /** How long {@code unmapped} and {@code invalid} stand before they may be asked again. */
  @WithDefault("P30D")
  Duration recheckAfter();
}
