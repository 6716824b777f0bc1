package org.psidgateway.batch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.batch")
interface BatchConfig {
  /** How long a batch waits to fill. */
  @WithDefault("PT0.02S")
  Duration linger();

  /** Unknown ids waiting in this pod; beyond it an id answers {@code queue_full}. */
  @WithDefault("1000000")
  int maxQueued();
}
