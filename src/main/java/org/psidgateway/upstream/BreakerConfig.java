package org.psidgateway.upstream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When the circuit breaker of the upstream opens, and for how long. */
@ConfigMapping(prefix = "gateway.breaker")
interface BreakerConfig {

  /** The circuit breaker of the upstream opens when this share of the latest calls has failed. */
  @WithDefault("0.5")
  double failureRatio();

  /**
   * Number of latest calls that {@link #failureRatio} looks at. Fewer calls never open the circuit
   * breaker.
   */
  @WithDefault("10")
  int requestVolume();

  /** How long the circuit breaker stays open before it lets one call try. */
  @WithDefault("PT5S")
  Duration delay();
}
