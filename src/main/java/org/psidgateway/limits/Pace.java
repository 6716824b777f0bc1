package org.psidgateway.limits;

import java.time.Duration;
import org.psidgateway.model.Lane;
import org.psidgateway.model.Tariff;

/**
 * How close calls may follow each other. Pure arithmetic on microseconds; one instance serves all
 * threads.
 *
 * <p>Two rules together. The generic cell rate algorithm (ITU-T I.371, annex A.1, in its virtual
 * scheduling form) spaces the grants {@code per / calls} apart and lets {@code burst} of them come
 * back to back, so that lateness is made up for. It alone would allow {@code calls + burst - 1} in
 * a period; so the hard bound is that the {@code calls}-th latest grant lies a whole period back.
 *
 * <p>The upstream counts calls as they arrive, the ledger as it grants them. So the bound counts a
 * call from the latest moment at which it can arrive, which its row keeps: with arrivals {@code
 * arrives_by >= arrival}, were there more than {@code calls} of them in a period {@code (w, w +
 * per]}, the last one granted, at {@code t <= w + per}, would have seen all others with {@code
 * arrives_by > t - per}. That holds whatever deadline each pod has chosen.
 *
 * <p>Background work keeps clear of the last hundredth of the period and of half of the burst: so
 * an interactive call finds room at once during a flood.
 *
 * @param calls as the upstream counts them
 * @param callCost how many of these a full call is: the burst is one of calls
 */
record Pace(int calls, long perMicros, int burst, int callCost) {
  static final Pace UNLIMITED = new Pace(0, 1_000, 1, 1);

  private static final int HEADROOM_SHARE = 100;

  /** So much of a period may be left unused by calls that are all full. */
  private static final double WASTE = 0.02;

  private static final long LONGEST_DEADLINE = Limits.LONGEST_DEADLINE.toNanos() / 1000;

  static Pace of(PaceConfig config, Tariff tariff) {
    return of(config.calls(), config.per(), config.burst(), tariff);
  }

  static Pace of(int calls, Duration per, int burst, Tariff tariff) {
    int ids = calls == 0 ? tariff.batchSize() : tariff.ids(calls);
    return new Pace(calls, per.toNanos() / 1000, burst, tariff.calls(ids));
  }

  boolean unlimited() {
    return calls == 0;
  }

  long interval() {
    return unlimited() ? 0 : perMicros / calls;
  }

  /**
   * How large background calls of {@code size} ids are to be, each of which counts: a little
   * smaller if the last one that a period has room for would be a fragment.
   */
  int share(int size) {
    int all = backgroundCalls();
    int calls = (all + size - 1) / size;
    boolean wasteful = all % size > all * WASTE;
    return wasteful ? Math.max(1, all / calls) : Math.min(size, all);
  }

  /** How far apart full calls are. */
  long spacing() {
    return interval() * callCost;
  }

  /** The calls of a period that this lane may use. */
  int calls(Lane lane) {
    return lane == Lane.BACKGROUND ? backgroundCalls() : calls;
  }

  /** The calls of a period that background work may use. */
  int backgroundCalls() {
    return Math.max(1, calls - headroom());
  }

  private int headroom() {
    return Math.min(burst - 1, calls / HEADROOM_SHARE);
  }

  /**
   * When the next call may be granted; {@code now} or earlier means at once.
   *
   * @param nextGrant the theoretical arrival time kept from the last grant
   * @param bounding the latest arrival that, together with all later ones and the next call,
   *     exceeds what a period allows this lane; {@link Long#MIN_VALUE} for none
   */
  long earliest(long now, Lane lane, long nextGrant, long bounding) {
    if (unlimited()) {
      return now;
    }
    long tolerance = (burst - 1) * spacing() / (lane == Lane.BACKGROUND ? 2 : 1);
    long spaced = clamp(now, nextGrant) - tolerance;
    long bounded =
        bounding == Long.MIN_VALUE
            ? Long.MIN_VALUE
            : Math.min(bounding, now + LONGEST_DEADLINE) + perMicros;
    return Math.max(spaced, bounded);
  }

  /** The theoretical arrival time to keep once a call is granted at {@code now}. */
  long afterGrant(long now, long nextGrant, int cost) {
    return Math.max(now, clamp(now, nextGrant)) + interval() * cost;
  }

  // A time from a clock that ran ahead must not stop the calls for longer than a period.
  private long clamp(long now, long nextGrant) {
    return Math.min(nextGrant, now + perMicros);
  }
}
