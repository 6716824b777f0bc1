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
        .emitter(
            emitter -> {
              CompletableFuture<Void> timer = new CompletableFuture<>();
              emitter.onTermination(() -> timer.cancel(false));
              var unused = timer.thenRun(() -> emitter.complete(null));
              timer.completeOnTimeout(null, delay.toNanos(), TimeUnit.NANOSECONDS);
            });
  }
}
