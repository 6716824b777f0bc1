package org.psidgateway.chaos;

import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.PostgresBinaries;
import org.psidgateway.testing.Program;

/**
 * What of {@link ChaosIT} depends on PostgreSQL, on the distribution's, which compiles every
 * statement. All of the suite runs on it with {@code -Dchaos.postgres=foreign}.
 */
@Foreign(Program.POSTGRES)
class ChaosForeignSoak extends ShortChaos {
  ChaosForeignSoak() {
    super(PostgresBinaries.FOREIGN, "short-foreign.md");
  }
}
