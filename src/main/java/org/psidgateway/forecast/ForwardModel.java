package org.psidgateway.forecast;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.limits.Outlook;
import org.psidgateway.time.Micros;

/**
 * The forecast, by arithmetic alone: every call of the work is granted in thought, by the pace that
 * real grants keep to, with what is used of it now. Immutable; microseconds of {@code
 * ledger_now()}.
 *
 * @param slots calls under way at once
 */
record ForwardModel(Work work, Outlook outlook, RecentCalls recent, int slots) {
  /** As many standard deviations above the mean as nine of ten cases stay below. */
  private static final double DEVIATIONS = 1.2816;

  Forecast forecast() {
    Obstacles obstacles = new Obstacles(work, outlook, recent);
    if (work.ids() == 0) {
      return told(outlook.now(), outlook.now(), null, obstacles.bottleneck());
    }
    Optional<Obstacles.Stopped> stopped = obstacles.stopped();
    if (stopped.isPresent()) {
      return told(null, null, stopped.get().reason(), stopped.get().by());
    }
    long p50 = typical();
    long p90 = Math.max(p50, bad());
    if (p90 > outlook.closesAt()) {
      boolean inTime = p50 <= outlook.closesAt();
      Obstacles.Stopped closing = obstacles.windowClosesFirst();
      return told(inTime ? p50 : null, null, closing.reason(), closing.by());
    }
    return told(p50, p90, null, obstacles.bottleneck());
  }

  private Forecast told(
      @Nullable Long p50, @Nullable Long p90, @Nullable String reason, Bottleneck bottleneck) {
    Outlook.Units units = outlook.units();
    return new Forecast(
        Schedule.calls(work.ids(), outlook.mostIds()),
        units == null ? null : units.remaining() - work.idsBefore() - work.ids(),
        p50 == null ? null : Micros.instant(p50),
        p90 == null ? null : Micros.instant(p90),
        reason,
        bottleneck);
  }

  private long typical() {
    return new Schedule(outlook, slots, recent.typicalTime(), 0)
        .end(work, recent.typicalUnanswered(), 0.5);
  }

  /** A day on which all goes slowly, with one more throttle if there was any lately. */
  private long bad() {
    return new Schedule(outlook, slots, recent.longTime(), DEVIATIONS)
            .end(work, recent.highUnanswered(DEVIATIONS), 0.9)
        + recent.cooldown();
  }
}
