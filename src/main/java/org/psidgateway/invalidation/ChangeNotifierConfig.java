package org.psidgateway.invalidation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "gateway.cache.redis")
interface ChangeNotifierConfig {
  /** Without a Redis to cache in, there is none to send change notices through either. */
  @WithDefault("false")
  boolean enabled();
}
