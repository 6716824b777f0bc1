package org.psidgateway.it;

import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.ForeignPostgres;
import org.psidgateway.testing.Program;

/** {@link TwoPodsIT} on the distribution's PostgreSQL, which compiles every statement. */
@Foreign(Program.POSTGRES)
class TwoPodsForeignIT extends TwoPodsIT {
  @Override
  Backing.Database database() {
    return ForeignPostgres.freshDatabase(ForeignPostgres.EAGER_JIT);
  }
}
