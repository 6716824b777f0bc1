package org.psidgateway.migration;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the configuration says, for whoever works on migrations. */
final class MigrationRules {
  private MigrationRules() {}

  @Produces
  @Singleton
  static FirstState firstState(MigrationConfig config) {
    return new FirstState(config.confirmAbove());
  }
}
