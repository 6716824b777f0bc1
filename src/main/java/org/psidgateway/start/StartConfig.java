package org.psidgateway.start;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.start")
interface StartConfig {
  /**
   * How long a pod that starts while PostgreSQL is away waits for it before it exits with an error.
   * A wrong password, or a database that does not exist, is reported at once.
   */
  @WithName("wait")
  @WithDefault("PT2M")
  Duration longestWait();
}
