package org.psidgateway.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The part of {@code gateway.retry} that applies to all pods together. */
@ConfigMapping(prefix = "gateway.retry")
interface RetryBudgetConfig {
  /** Share of the calls within a minute that may be retries. */
  @WithDefault("0.1")
  double budget();
}
