package org.psidgateway.it;

import org.junit.jupiter.api.Test;

/** Two hundred schedules of {@link MigrationKillsIT}. */
class MigrationKillsSoak {
  private static final int ROUNDS = 20;

  @Test
  void everyWishIsReached_onTwoHundredSchedules() {
    MigrationKillsIT.rounds(ROUNDS);
  }
}
