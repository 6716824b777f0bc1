package org.psidgateway.ledger;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.uncertain")
interface UncertainConfig {
  /**
   * How long the ids of an uncertain call are not asked again. Doubles each time a call for the id
   * ends uncertain.
   */
  @WithDefault("PT5S")
  Duration delay();
}
