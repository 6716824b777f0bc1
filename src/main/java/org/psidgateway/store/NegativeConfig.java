package org.psidgateway.store;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.negative")
interface NegativeConfig {
  /**
   * How long a stored {@code unmapped} or {@code invalid} is valid. After that the id may be asked
   * again. Without effect in an archive, where none is asked again.
   */
  @WithDefault("P30D")
  Duration recheckAfter();
}
