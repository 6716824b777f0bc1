package org.psidgateway.ledger;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.psidgateway.limits.Limits;
import org.psidgateway.time.Ticker;

/**
 * How long after its grant a call of this pod may still arrive if there is a pace: short, since the
 * pace counts the call from there, and long enough for the way to this pod's PostgreSQL. A late
 * grant makes it longer at once; it gets shorter again by a tenth per minute, but not below 1.5
 * times the slowest of the last hundred grants. Pods need not agree, see {@link Limits}.
 * Thread-safe.
 */
final class SendDeadline {
  /** If that is not enough, PostgreSQL is as good as away. */
  static final Duration LONGEST = Limits.LONGEST_DEADLINE;

  /** From the moment that the request is handed to an open connection until it arrives. */
  static final Duration WAY = Duration.ofMillis(50);

  /** After the time-out, for a process that settles slowly or loses its connection meanwhile. */
  static final Duration MARGIN = Duration.ofSeconds(5);

  /** With no pace, all that matters is that a call's time-out ends before the call expires. */
  static final Duration UNPACED = MARGIN.minusSeconds(1);

  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_AT_FIRST = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int REMEMBERED = 100;
  private static final double DECAY = 0.9;

  private final Ticker ticker;
  private final long shortest;
  private final long[] took = new long[REMEMBERED];
  private int next;
  private double deadline;
  private long since;

  /**
   * @param shortestPeriod the shortest period of all paces, in microseconds
   */
  SendDeadline(OptionalLong shortestPeriod, Ticker ticker) {
    this.ticker = ticker;
    long fiftieth = shortestPeriod.orElse(0) * 1000 / 50;
    this.shortest = Math.max(SHORTEST, Math.min(LONGEST_AT_FIRST, fiftieth));
    this.deadline = (double) shortest;
    this.since = ticker.nanos();
  }

  /** For the next grant. */
  synchronized Duration current() {
    decay();
    return Duration.ofNanos((long) deadline);
  }

  /** A call left in time, {@code after} its grant was asked for. */
  synchronized void left(Duration after) {
    took[next] = after.toNanos();
    next = (next + 1) % REMEMBERED;
    decay();
  }

  /** A grant came too late to be used, {@code after} it was asked for. */
  synchronized void late(Duration after) {
    decay();
    double needed = 2.0 * (double) after.plus(WAY).toNanos();
    deadline =
        Math.min((double) LONGEST.toNanos(), Math.max(deadline, Math.min(4 * deadline, needed)));
  }

  private void decay() {
    long now = ticker.nanos();
    double minutes = (double) (now - since) / (double) TimeUnit.MINUTES.toNanos(1);
    since = now;
    long slowest = 0;
    for (long one : took) {
      slowest = Math.max(slowest, one);
    }
    double floor =
        Math.max((double) shortest, slowest == 0 ? 0 : 1.5 * (double) (slowest + WAY.toNanos()));
    deadline =
        Math.min((double) LONGEST.toNanos(), Math.max(floor, deadline * Math.pow(DECAY, minutes)));
  }
}
