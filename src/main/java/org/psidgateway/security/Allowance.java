package org.psidgateway.security;

import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.psidgateway.time.Ticker;

/**
 * How many ids a caller may still send to this pod: a bucket of a minute's worth that fills evenly.
 * Thread-safe, never blocks.
 */
public final class Allowance {
  /** For callers that may send as much as they like. */
  static final Allowance UNLIMITED = new Allowance(0, Ticker.system());

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final int idsPerMinute;
  private final Ticker ticker;

  /** When the bucket is full again; earlier than now: it is full. */
  private final AtomicLong fullAt;

  /** A full bucket; without a limit, one that never empties. */
  public static Allowance of(OptionalInt idsPerMinute, Ticker ticker) {
    return idsPerMinute.isEmpty() ? UNLIMITED : new Allowance(idsPerMinute.getAsInt(), ticker);
  }

  /**
   * @param idsPerMinute 0 for no limit
   */
  Allowance(int idsPerMinute, Ticker ticker) {
    this.idsPerMinute = idsPerMinute;
    this.ticker = ticker;
    this.fullAt = new AtomicLong(ticker.nanos());
  }

  /**
   * What became of {@link #take}.
   *
   * @param retryAfterSeconds after which as many ids would pass
   * @param left ids that would pass at once
   */
  public record Taken(boolean passed, int retryAfterSeconds, int left) {}

  /**
   * Takes {@code ids} out of the bucket, all or none. A list longer than a minute's worth passes if
   * the bucket is full, and is paid for afterwards: it could never be sent otherwise.
   */
  public Taken take(int ids) {
    if (idsPerMinute == 0 || ids == 0) {
      return new Taken(true, 0, Integer.MAX_VALUE);
    }
    while (true) {
      long now = ticker.nanos();
      long seen = fullAt.get();
      long missing = Math.max(0, seen - now);
      long excess = missing + cost(Math.min(ids, idsPerMinute)) - MINUTE;
      if (excess > 0) {
        long left = Math.max(0, MINUTE - missing) / cost(1);
        return new Taken(false, seconds(excess), (int) left);
      }
      if (fullAt.compareAndSet(seen, now + missing + cost(ids))) {
        return new Taken(true, 0, 0);
      }
    }
  }

  /** Ids per minute; 0 if there is no limit. */
  public int idsPerMinute() {
    return idsPerMinute;
  }

  private long cost(int ids) {
    return MINUTE / idsPerMinute * ids;
  }

  /** Rounded up: never too early. */
  private static int seconds(long nanos) {
    return (int) Math.min(Integer.MAX_VALUE, (nanos + 999_999_999L) / 1_000_000_000L);
  }
}
