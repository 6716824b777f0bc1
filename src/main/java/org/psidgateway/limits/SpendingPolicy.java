package org.psidgateway.limits;

import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;

/**
 * What the configuration says about spending.
 *
 * @param retryBudget share of the calls of a minute that may be retries
 */
record SpendingPolicy(
    Pace pace,
    Map<PageId, Pace> pagePaces,
    QuotaPolicy quota,
    UpstreamWindow window,
    CooldownConfig cooldown,
    double retryBudget) {

  Pace pace(PageId page) {
    return pagePaces.getOrDefault(page, Pace.UNLIMITED);
  }

  ScopeLimitsQuery appQuery() {
    return new ScopeLimitsQuery(LimitState.APP, pace);
  }

  ScopeLimitsQuery pageQuery(PageId page) {
    return new ScopeLimitsQuery(page.value(), pace(page));
  }

  /** Most ids that one call for the Page may ask: one that no pace allows would wait forever. */
  int mostIds(AdmissionRequest request) {
    int most = request.tariff().batchSize();
    for (Pace any : new Pace[] {pace, pace(request.page())}) {
      if (request.tariff().countsIds() && !any.unlimited()) {
        most = Math.min(most, request.lane() == Lane.BACKGROUND ? any.share(most) : any.calls());
      }
    }
    return most;
  }

  /** How much a call may take of a pace, at most. */
  int cost(AdmissionRequest request) {
    return request.tariff().calls(Math.min(request.candidates(), mostIds(request)));
  }

  /** Whether the app or the Page has a pace: only then does it matter when a call leaves. */
  boolean paced(PageId page) {
    return !pace.unlimited() || !pace(page).unlimited();
  }

  /** The shortest period of all paces, in microseconds; empty if there is none. */
  OptionalLong shortestPeriod() {
    return Stream.concat(Stream.of(pace), pagePaces.values().stream())
        .filter(any -> !any.unlimited())
        .mapToLong(Pace::perMicros)
        .min();
  }
}
