package org.psidgateway.migration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

@ConfigMapping(prefix = "gateway.migration")
interface MigrationConfig {
  /** A migration that has more ids to convert than this waits for a confirmation. */
  @WithDefault("100000")
  long confirmAbove();

  /** How long after its end a migration is kept, with its list. Empty: for ever. */
  Optional<Duration> retention();
}
