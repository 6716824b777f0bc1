package org.psidgateway.ledger;

import jakarta.enterprise.context.ApplicationScoped;

/** Everything that is promised about spending. */
@ApplicationScoped
public class Ledger {

  /** The quota as it stands. Blocking. */
  public QuotaView quota() {
    throw new UnsupportedOperationException();
  }

  /** The window as configured. Never blocks. */
  public WindowView window() {
    throw new UnsupportedOperationException();
  }
}
