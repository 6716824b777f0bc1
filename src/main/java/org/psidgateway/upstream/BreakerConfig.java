package org.psidgateway.upstream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When the circuit breaker of the upstream opens, and for how long. */
@ConfigMapping(prefix = "gateway.breaker")
interface BreakerConfig {

  /** Share of the latest calls to the upstream that fail before the circuit breaker opens. */
  @WithDefault("0.5")
  double failureRatio();

  /** The calls that the ratio is taken over; fewer never open the breaker. */
  @WithDefault("10")
  int requestVolume();

  /** From opening to the one call that probes. */
  @WithDefault("PT5S")
  Duration delay();
}
