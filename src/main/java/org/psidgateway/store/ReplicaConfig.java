package org.psidgateway.store;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

@ConfigMapping(prefix = "gateway.store.replica")
interface ReplicaConfig {
  /** Where a streaming replica of the database is; look-ups ask it first. Empty: there is none. */
  Optional<String> jdbcUrl();

  /** That of the database where absent. */
  Optional<String> username();

  /** That of the database where absent. */
  Optional<String> password();

  /** How far the replica may be behind before it is not asked; at most half a minute. */
  @WithDefault("PT5S")
  Duration maxLag();
}
