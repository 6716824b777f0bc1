package org.psidgateway.cache;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.cache")
interface CacheConfig {
  L1 l1();

  Redis redis();

  interface L1 {
    /** Mappings kept in this process, about 27 bytes each; negatives come on top. */
    @WithDefault("1000000")
    int maxEntries();
  }

  interface Redis {
    /** The tier that pods share. */
    @WithDefault("false")
    boolean enabled();

    /** What takes longer is a miss. */
    @WithDefault("PT0.05S")
    Duration timeout();

    @WithDefault("P1D")
    Duration ttl();
  }
}
