package org.psidgateway.api.mapping;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** {@code gateway.resolve.*}: what one request may ask. */
@ConfigMapping(prefix = "gateway.resolve")
interface ApiConfig {
  /** How many ids a list may hold, duplicates included. */
  @WithDefault("10000")
  int maxIds();
}
