package org.psidgateway.batch;

import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fault tolerance around a run: a bulkhead around reserve, call and settle, and retries around all
 * of it, so that each try reserves anew and waits for its turn. Time-out and circuit breaker
 * surround the call itself and belong to the upstream.
 */
final class Guards {
  private final TypedGuard<Uni<@Nullable Duration>> bulkhead;
  private final TypedGuard<Uni<Void>> retry;

  Guards(int concurrency, RetryConfig config) {
    bulkhead =
        TypedGuard.create(new TypeLiteral<Uni<@Nullable Duration>>() {})
            .withDescription("upstream calls under way")
            .withBulkhead()
            .limit(concurrency)
            // Not a bound of ours: a lane queues at most once, and ids are bounded by max-queued.
            .queueSize(1_000_000)
            .done()
            .build();
    long initial = Math.max(1, config.initialDelay().toMillis());
    retry =
        TypedGuard.create(new TypeLiteral<Uni<Void>>() {})
            .withDescription("batches whose call failed for a while")
            .withRetry()
            .maxRetries(config.maxAttempts() - 1)
            .delay(initial, ChronoUnit.MILLIS)
            .jitter(initial / 2, ChronoUnit.MILLIS)
            .maxDuration(1, ChronoUnit.DAYS) // waiting for the pace is no failure
            .retryOn(TransientFailure.class)
            .withExponentialBackoff()
            .factor(2)
            .maxDelay(Math.max(initial + 1, config.maxDelay().toMillis()), ChronoUnit.MILLIS)
            .done()
            .done()
            .build();
  }

  /** Runs one turn as soon as a permit is free; first come, first served. */
  Uni<@Nullable Duration> permitted(Supplier<Uni<@Nullable Duration>> turn) {
    return bulkhead.get(turn);
  }

  /** Runs it again while it fails with {@link TransientFailure} and tries are left. */
  Uni<Void> retried(Supplier<Uni<Void>> attempt) {
    return retry.get(attempt);
  }

  /** The call failed in a way that another try may mend; nothing was charged. */
  static final class TransientFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TransientFailure(String outcome) {
      super(outcome, null, false, false);
    }
  }
}
