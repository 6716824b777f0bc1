package org.psidgateway.forecast;

import java.time.Instant;
import java.util.Objects;
import org.psidgateway.limits.Outlook;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;

/** Forecasts of background work by the model alone, and what they have to tell. */
final class Modelled {
  static final PageId PAGE = new PageId(100);
  static final int SLOTS = 3;

  private Modelled() {}

  static Forecast forecast(Work work, Outlook outlook, RecentCalls recent) {
    return new ForwardModel(work, outlook, recent, SLOTS).forecast();
  }

  static Work work(long ids, double share, long before) {
    return new Work(PAGE, ids, Lane.BACKGROUND, share, before);
  }

  static Instant p50(Forecast forecast) {
    return Objects.requireNonNull(forecast.p50(), forecast::toString);
  }

  static Instant p90(Forecast forecast) {
    return Objects.requireNonNull(forecast.p90(), forecast::toString);
  }
}
