package org.psidgateway.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.cooldown")
interface CooldownConfig {
  /**
   * The first cooldown after a throttle, if the upstream does not say how long. Doubles with each
   * further throttle in a row.
   */
  @WithDefault("PT2S")
  Duration initial();

  /** The longest cooldown, if the upstream does not say how long. */
  @WithDefault("PT1H")
  Duration max();
}
