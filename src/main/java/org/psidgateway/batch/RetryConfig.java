package org.psidgateway.batch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** For outcomes classed transient only; each try reserves anew. */
@ConfigMapping(prefix = "gateway.retry")
interface RetryConfig {
  @WithDefault("4")
  int maxAttempts();

  @WithDefault("PT0.2S")
  Duration initialDelay();

  @WithDefault("PT10S")
  Duration maxDelay();
}
