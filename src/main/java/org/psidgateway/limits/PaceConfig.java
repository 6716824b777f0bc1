package org.psidgateway.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.pace")
interface PaceConfig {
  /** Upstream calls allowed to the app, all pods together, in any window; 0: no pacing. */
  @WithDefault("200")
  int calls();

  /** The window, sliding. */
  @WithDefault("PT1H")
  Duration per();

  /** Calls that may start back to back. */
  @WithDefault("3")
  int burst();
}
