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

  Rules {
    Range.atLeast(0, quota.ceiling(), "gateway.quota.ceiling");
    Range.share(quota.fanShare(), "gateway.quota.fan-share");
    Range.share(quota.reserveFloor(), "gateway.quota.reserve-floor");
    Range.share(quota.uncertainCap(), "gateway.quota.uncertain-cap");
    Range.share(retry.budget(), "gateway.retry.budget");
    Range.atLeast(1, cooldown.initial().toMillis(), "gateway.cooldown.initial (milliseconds)");
    Range.atLeast(
        cooldown.initial().toMillis(),
        cooldown.max().toMillis(),
        "gateway.cooldown.max (milliseconds)");
  }

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
