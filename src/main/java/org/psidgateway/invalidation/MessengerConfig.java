package org.psidgateway.invalidation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "gateway.cache.redis")
interface MessengerConfig {
  /** Who has no Redis to cache in has none to send messages through. */
  @WithDefault("false")
  boolean enabled();
}
