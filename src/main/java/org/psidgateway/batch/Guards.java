package org.psidgateway.batch;

import io.smallrye.faulttolerance.api.CustomBackoffStrategy;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Retries around reserve, call and settle together, so that each try reserves anew and waits for
 * its turn. The bulkhead around a try is {@link Turns}; time-out and circuit breaker surround the
 * call itself and belong to the upstream.
 */
final class Guards {
  private final TypedGuard<Uni<Void>> retry;

  Guards(RetryConfig config) {
    long initial = Math.max(1, config.initialDelay().toMillis());
    long longest = Math.max(initial, config.maxDelay().toMillis());
    retry =
        TypedGuard.create(new TypeLiteral<Uni<Void>>() {})
            .withDescription("batches whose call failed for a while")
            .withRetry()
            .maxRetries(config.maxAttempts() - 1)
            .delay(initial, ChronoUnit.MILLIS)
            .jitter(0, ChronoUnit.MILLIS)
            .maxDuration(1, ChronoUnit.DAYS) // waiting for the pace is no failure: see Batch
            .retryOn(TransientFailure.class)
            .withCustomBackoff()
            .strategy(() -> new FullJitter(initial, longest))
            .done()
            .done()
            .build();
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

  /**
   * Anything between nothing and a ceiling that doubles: who failed together does not come back
   * together (M. Brooker, "Exponential Backoff and Jitter", 2015).
   */
  static final class FullJitter implements CustomBackoffStrategy {
    private final long longest;
    private long ceiling;

    FullJitter(long initial, long longest) {
      this.ceiling = initial;
      this.longest = longest;
    }

    @Override
    public long nextDelayInMillis(Throwable failure) {
      long delay = ThreadLocalRandom.current().nextLong(ceiling + 1);
      ceiling = Math.min(longest, ceiling * 2);
      return delay;
    }
  }
}
