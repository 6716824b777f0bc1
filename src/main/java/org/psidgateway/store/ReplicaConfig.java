package org.psidgateway.store;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

@ConfigMapping(prefix = "gateway.store.replica")
interface ReplicaConfig {
  /**
   * JDBC URL of a streaming replica of the database, which look-ups ask first. Empty: there is no
   * replica.
   */
  Optional<String> jdbcUrl();

  /** The user for the replica; the same as for the database if absent. */
  Optional<String> username();

  /** The password for the replica; the same as for the database if absent. */
  Optional<String> password();

  /** How far the replica may be behind. Beyond that it is not asked. At most half a minute. */
  @WithDefault("PT5S")
  Duration maxLag();
}
