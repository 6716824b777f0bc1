package org.psidgateway.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.cooldown")
interface CooldownConfig {
  /** The first cooldown, if the upstream names no time; doubles with each throttle in a row. */
  @WithDefault("PT2S")
  Duration initial();

  /** The longest cooldown, if the upstream names no time. */
  @WithDefault("PT1H")
  Duration max();
}
