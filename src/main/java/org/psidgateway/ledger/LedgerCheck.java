package org.psidgateway.ledger;

import jakarta.inject.Singleton;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** A wait of ids that a call of unknown outcome asked that makes sense. */
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
