package org.psidgateway.invalidation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "gateway.cache.redis")
interface MessengerConfig {
  /** The same Redis as the cache: without one there are no change notices. */
  @WithDefault("false")
  boolean enabled();
}
