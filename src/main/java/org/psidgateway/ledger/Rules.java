package org.psidgateway.ledger;

import java.util.Map;
import org.psidgateway.model.PageId;

/** What the configuration says of spending. */
record Rules(
    Pace pace,
    Map<PageId, Pace> pagePaces,
    QuotaConfig quota,
    UpstreamWindow window,
    CooldownConfig cooldown,
    UncertainConfig uncertain,
    RetryBudgetConfig retry) {

  Pace pace(PageId page) {
    return pagePaces.getOrDefault(page, Pace.UNLIMITED);
  }

  /**
   * Before a grant is given back because it could not leave: as short as the shortest window asks.
   */
  java.time.Duration sendWithin(PageId page) {
    java.time.Duration app = pace.sendWithin();
    java.time.Duration own = pace(page).sendWithin();
    return app.compareTo(own) <= 0 ? app : own;
  }
}
