package org.psidgateway.batch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Applies to transient outcomes only. Each try reserves anew. */
@ConfigMapping(prefix = "gateway.retry")
interface RetryConfig {
  /** How many calls are made for a batch, the first one included. */
  @WithDefault("4")
  int maxAttempts();

  /**
   * Upper bound of the wait before the first retry. Doubles with each retry; each wait is a random
   * time between 0 and its bound.
   */
  @WithDefault("PT0.2S")
  Duration initialDelay();

  /** The largest value that this bound grows to. */
  @WithDefault("PT10S")
  Duration maxDelay();
}
