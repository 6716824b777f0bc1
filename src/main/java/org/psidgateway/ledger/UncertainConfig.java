package org.psidgateway.ledger;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.uncertain")
interface UncertainConfig {
  /** Before ids of an uncertain call may be asked again; doubles for each time. */
  @WithDefault("PT5S")
  Duration delay();
}
