package org.psidgateway.ledger;

import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
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

  ScopeQuery appQuery() {
    return new ScopeQuery(Standing.APP, pace);
  }

  ScopeQuery pageQuery(PageId page) {
    return new ScopeQuery(page.value(), pace(page));
  }

  /** Whether the app or the Page has a pace: only then does it matter when a call leaves. */
  boolean paced(PageId page) {
    return !pace.unlimited() || !pace(page).unlimited();
  }

  /** The shortest window of all paces; empty where there is none. */
  OptionalLong shortestPer() {
    return Stream.concat(Stream.of(pace), pagePaces.values().stream())
        .filter(any -> !any.unlimited())
        .mapToLong(Pace::perMicros)
        .min();
  }
}
