package org.psidgateway.time;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Reads the monotonic clock, and sets timers on the JDK's own timer thread. */
enum SystemTicker implements Ticker {
  INSTANCE;

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Uni<Void> after(Duration delay) {
    if (delay.isZero() || delay.isNegative()) {
      return Uni.createFrom().voidItem();
    }
    return Uni.createFrom()
        .deferred(
            () -> {
              CompletableFuture<Void> timer = new CompletableFuture<>();
              return Uni.createFrom()
                  .completionStage(
                      () -> timer.completeOnTimeout(null, delay.toNanos(), TimeUnit.NANOSECONDS))
                  .onCancellation()
                  .invoke(() -> timer.complete(null)); // disarms it, as cancel() may not
            });
  }
}
