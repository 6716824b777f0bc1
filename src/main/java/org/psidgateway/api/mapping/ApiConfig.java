package org.psidgateway.api.mapping;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** {@code gateway.resolve.*}: limits of one request. */
@ConfigMapping(prefix = "gateway.resolve")
interface ApiConfig {
  /** How many ids one request may contain, duplicates included. */
  @WithDefault("10000")
  int maxIds();
}
