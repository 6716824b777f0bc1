package org.psidgateway.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.pace")
interface PaceConfig {
  /**
   * Upstream calls allowed to the app in any period of {@link #per}, all pods together. 0: no
   * pacing.
   */
  @WithDefault("200")
  int calls();

  /** The sliding period that {@link #calls} refers to. */
  @WithDefault("PT1H")
  Duration per();

  /** Calls that may start back to back. The others are spaced evenly. */
  @WithDefault("3")
  int burst();
}
