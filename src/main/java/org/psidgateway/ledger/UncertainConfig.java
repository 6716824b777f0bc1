package org.psidgateway.ledger;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.uncertain")
interface UncertainConfig {
  /** How long before ids of an uncertain call may be asked again; doubles each time. */
  @WithDefault("PT5S")
  Duration delay();
}
