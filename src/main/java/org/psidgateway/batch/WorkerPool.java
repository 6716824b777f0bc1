package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.psidgateway.time.Ticker;

/** The threads on which conversions block and go on after a wait, and the time they go by. */
record WorkerPool(Executor threads, Ticker ticker) {

  /** Runs what may wait for PostgreSQL, and emits on that worker thread. */
  <T> Uni<T> call(Callable<T> work) {
    return Uni.createFrom()
        .<T>emitter(
            emitter -> {
              try {
                emitter.complete(work.call());
              } catch (Exception e) {
                emitter.fail(e);
              }
            })
        .runSubscriptionOn(threads);
  }

  /** Emits on a worker thread once {@code delay} has passed; at once if there is none. */
  Uni<Void> after(Duration delay) {
    Uni<Void> due = ticker.after(delay);
    return delay.isZero() || delay.isNegative() ? due : due.emitOn(threads);
  }

  long nanos() {
    return ticker.nanos();
  }
}
