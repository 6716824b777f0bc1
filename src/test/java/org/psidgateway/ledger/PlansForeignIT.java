package org.psidgateway.ledger;

import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.ForeignPostgres;
import org.psidgateway.testing.Program;

/** {@link PlansTest} on the distribution's PostgreSQL, which is older and estimates differently. */
@Foreign(Program.POSTGRES)
class PlansForeignIT extends PlansTest {
  @Override
  Backing.Database database() {
    return ForeignPostgres.freshDatabase();
  }

  @Override
  int mappings() {
    return 100_000;
  }

  @Override
  int calls() {
    return 100_000;
  }
}
