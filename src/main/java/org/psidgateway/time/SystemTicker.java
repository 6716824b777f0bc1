package org.psidgateway.time;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** The one place that reads the monotonic clock and sets timers by it. */
enum SystemTicker implements Ticker {
  INSTANCE;

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Uni<Void> after(Duration delay) {
    Uni<Void> now = Uni.createFrom().voidItem();
    return delay.isZero() || delay.isNegative() ? now : now.onItem().delayIt().by(delay);
  }
}
