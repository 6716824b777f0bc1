package org.psidgateway.forecast;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.forecast.Bottleneck.What;
import org.psidgateway.limits.Outlook;
import org.psidgateway.limits.Outlook.Stop;
import org.psidgateway.model.Fate;
import org.psidgateway.time.Micros;

/** What stands in the way of the work: what stops it, or else what bounds it. */
record Obstacles(Work work, Outlook outlook, RecentCalls recent) {
  private static final String WINDOW_CLOSES_FIRST = "window_closes_first";

  /** Why no time can be told. */
  record Stopped(String reason, Bottleneck by) {}

  Optional<Stopped> stopped() {
    return outlook.refusal().map(Obstacles::refused).or(this::tooLittleQuota);
  }

  private static Stopped refused(Stop stop) {
    return new Stopped(
        stop.why().reason(), new Bottleneck(what(stop.why()), until(stop.until()), null));
  }

  private static What what(Fate refusal) {
    return switch (refusal) {
      case WINDOW_CLOSED -> What.WINDOW;
      case QUOTA_EXHAUSTED, QUOTA_RESERVED -> What.QUOTA;
      case TOKEN_INVALID, APP_SECRET_REJECTED -> What.TOKEN;
      default -> What.PAUSED;
    };
  }

  // What goes first spends first.
  private Optional<Stopped> tooLittleQuota() {
    Outlook.Units units = outlook.units();
    long needed = work.idsBefore() + work.ids();
    if (units == null || needed <= units.room()) {
      return Optional.empty();
    }
    Fate why = needed <= units.remaining() ? Fate.QUOTA_RESERVED : Fate.QUOTA_EXHAUSTED;
    return Optional.of(new Stopped(why.reason(), Bottleneck.of(What.QUOTA)));
  }

  Stopped windowClosesFirst() {
    return new Stopped(
        WINDOW_CLOSES_FIRST, new Bottleneck(What.WINDOW, until(outlook.closesAt()), null));
  }

  Bottleneck bottleneck() {
    return stopped().map(Stopped::by).or(this::held).orElseGet(() -> Bottleneck.of(bound()));
  }

  /** A moment's rest, after a restart of PostgreSQL, is none. */
  private Optional<Bottleneck> held() {
    return outlook
        .hold()
        .filter(stop -> stop.why() != Fate.QUEUED)
        .map(
            stop ->
                new Bottleneck(
                    stop.why() == Fate.COOLING_DOWN ? What.COOLDOWN : What.UPSTREAM_UNAVAILABLE,
                    until(stop.until()),
                    null));
  }

  private What bound() {
    if (recent.upstreamUnavailable()) {
      return What.UPSTREAM_UNAVAILABLE;
    }
    if (work.idsBefore() > 0) {
      return What.QUEUE;
    }
    return work.share() < 1 ? What.SHARE : What.UPSTREAM_RATE;
  }

  private static @Nullable Instant until(long micros) {
    return micros == Long.MAX_VALUE ? null : Micros.instant(micros);
  }
}
