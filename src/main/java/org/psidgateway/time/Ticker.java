package org.psidgateway.time;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Monotonic time: how long something takes, and waiting without a thread. What time of day it is
 * says {@link java.time.InstantSource}. Thread-safe.
 */
public interface Ticker {

  /**
   * Nanoseconds since some moment; as {@link System#nanoTime()}, only differences mean anything.
   */
  long nanos();

  /**
   * Emits once {@code delay} has passed, on any thread; at once, on the subscriber's, where it is
   * zero or negative. Cancelling it disarms the timer.
   */
  Uni<Void> after(Duration delay);

  /** That of the machine. */
  static Ticker system() {
    return SystemTicker.INSTANCE;
  }
}
