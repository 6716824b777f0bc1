package org.psidgateway.limits;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.limits.Outlook.Stop;
import org.psidgateway.limits.ScopeOutlook.Arrival;
import org.psidgateway.limits.ScopeOutlook.Interactive;
import org.psidgateway.model.Lane;
import org.psidgateway.model.Tariff;
import org.psidgateway.testing.Tariffs;

/** What the limits might say, made up. */
public final class Outlooks {
  public static final long NOW = 1_700_000_000_000_000L;

  private Tariff tariff = Tariffs.PER_BATCH;
  private Pace app = Pace.UNLIMITED;
  private Pace own = Pace.UNLIMITED;
  private final List<Arrival> arrivals = new ArrayList<>();
  private Interactive interactive = Interactive.NONE;
  private long nextGrant;
  private double widening = 1;
  private Optional<Stop> refusal = Optional.empty();
  private Optional<Stop> hold = Optional.empty();
  private long closesAt = Long.MAX_VALUE;
  private Outlook.@Nullable Units units;

  public Outlooks tariff(Tariff other) {
    tariff = other;
    return this;
  }

  public Outlooks pace(int calls, long perMicros, int burst) {
    app = new Pace(calls, perMicros, burst, tariff.countsIds() ? tariff.batchSize() : 1);
    return this;
  }

  public Outlooks ownPace(int calls, long perMicros, int burst) {
    own = new Pace(calls, perMicros, burst, tariff.countsIds() ? tariff.batchSize() : 1);
    return this;
  }

  /** Arrivals so long ago, in microseconds. */
  public Outlooks arrived(List<Long> ago) {
    ago.stream()
        .sorted((one, other) -> Long.compare(other, one))
        .forEach(each -> arrivals.add(new Arrival(NOW - each, 1)));
    return this;
  }

  /** How far ahead the theoretical arrival time is. */
  public Outlooks nextGrantIn(long micros) {
    nextGrant = NOW + micros;
    return this;
  }

  public Outlooks interactive(long calls, long span) {
    interactive = new Interactive(calls, calls, span);
    return this;
  }

  public Outlooks widened(double times) {
    widening = times;
    return this;
  }

  public Outlooks refused(Stop stop) {
    refusal = Optional.of(stop);
    return this;
  }

  public Outlooks held(Stop stop) {
    hold = Optional.of(stop);
    return this;
  }

  public Outlooks closesIn(long micros) {
    closesAt = NOW + micros;
    return this;
  }

  public Outlooks units(long remaining, long room) {
    units = new Outlook.Units(remaining, room);
    return this;
  }

  public Outlook background() {
    int most = tariff.batchSize();
    for (Pace pace : List.of(app, own)) {
      most = tariff.countsIds() && !pace.unlimited() ? pace.share(most) : most;
    }
    return new Outlook(
        NOW,
        tariff,
        most,
        refusal,
        hold,
        closesAt,
        units,
        new PaceOutlook(
            Lane.BACKGROUND,
            new ScopeOutlook(app, nextGrant, Long.MIN_VALUE, widening, arrivals, interactive),
            new ScopeOutlook(own, nextGrant, Long.MIN_VALUE, 1, arrivals, interactive),
            new LaneFairness(0, 0, NOW, LaneFairness.due(app))));
  }
}
