package org.psidgateway.chaos;

import java.nio.file.Path;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.PostgresBinaries;
import org.psidgateway.testing.Program;

/** {@link ChaosIT} on the distribution's PostgreSQL, which compiles every statement. */
@Foreign(Program.POSTGRES)
class ChaosForeignIT extends ChaosIT {
  @Override
  PostgresBinaries binaries() {
    return PostgresBinaries.FOREIGN;
  }

  @Override
  Table table() {
    return new Table(Path.of("target/chaos/short-foreign.md"));
  }
}
