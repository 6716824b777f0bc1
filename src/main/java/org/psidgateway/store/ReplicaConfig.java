package org.psidgateway.store;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

@ConfigMapping(prefix = "gateway.store.replica")
interface ReplicaConfig {
  /** Where a streaming replica of the database is; look-ups ask it first. Empty: there is none. */
  Optional<String> jdbcUrl();

  /** The user for the replica; the same as for the database if absent. */
  Optional<String> username();

  /** The password for the replica; the same as for the database if absent. */
  Optional<String> password();

  /** How far the replica may be behind before it is not asked; at most half a minute. */
  @WithDefault("PT5S")
  Duration maxLag();
}
