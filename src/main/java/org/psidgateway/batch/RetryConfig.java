package org.psidgateway.batch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** For outcomes classed transient only; each try reserves anew. */
@ConfigMapping(prefix = "gateway.retry")
interface RetryConfig {
  /** How often a batch is called for, the first time included. */
  @WithDefault("4")
  int maxAttempts();

  /** The longest first wait; doubles with each try. Each wait is anything between 0 and that. */
  @WithDefault("PT0.2S")
  Duration initialDelay();

  /** What the longest wait grows to at most. */
  @WithDefault("PT10S")
  Duration maxDelay();
}
