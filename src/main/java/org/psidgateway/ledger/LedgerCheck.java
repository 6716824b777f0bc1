package org.psidgateway.ledger;

import jakarta.inject.Singleton;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** Checks how long ids wait after a call of unknown outcome. */
@Singleton
class LedgerCheck implements StartupCheck {
  private final UncertainConfig uncertain;

  LedgerCheck(UncertainConfig uncertain) {
    this.uncertain = uncertain;
  }

  @Override
  public void check(Faults faults) {
    faults.positive("gateway.uncertain.delay", uncertain.delay(), Claims.LONGEST);
  }
}
