package org.psidgateway.time;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Monotonic time: how long something takes, and waiting without a thread. {@link
 * java.time.InstantSource} gives the time of day. Thread-safe.
 */
public interface Ticker {

  /** Nanoseconds since some arbitrary moment, as {@link System#nanoTime()}: compare differences. */
  long nanos();

  /**
   * Emits once {@code delay} has passed; at once, on the subscriber's thread, if it is zero or
   * negative. All timers share one thread, so that they go off even while every worker is busy:
   * don't block there. Cancelling disarms the timer.
   */
  Uni<Void> after(Duration delay);

  /** The machine's clock. */
  static Ticker system() {
    return SystemTicker.INSTANCE;
  }
}
