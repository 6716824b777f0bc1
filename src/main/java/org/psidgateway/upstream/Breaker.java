package org.psidgateway.upstream;

import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.psidgateway.ops.OutageLog;
import org.psidgateway.time.Ticker;

/**
 * Time-out and circuit breaker around a call. Every failure of a call counts against the breaker,
 * and every item counts for it, so whatever says nothing about the upstream stays outside.
 * Thread-safe.
 */
final class Breaker {
  private static final String TIMEOUT = "timeout";

  private final OutageLog outage =
      new OutageLog(
          Breaker.class,
          "The circuit breaker of the upstream is open: only trial calls are made",
          "The circuit breaker of the upstream is closed");
  private final TypedGuard<Uni<Outcome>> guard;
  private final Ticker ticker;
  private final long timeoutNanos;

  private volatile CircuitBreakerState state = CircuitBreakerState.CLOSED;

  /** When the last probe was let through, by the ticker; see {@link #probing}. */
  private volatile long probedAt;

  private volatile boolean probing;

  /** Why a call failed last. */
  private volatile String failure = TIMEOUT;

  Breaker(
      BreakerConfig config,
      Duration timeout,
      Ticker ticker,
      TypedGuard.Builder<Uni<Outcome>> builder) {
    this.ticker = ticker;
    this.timeoutNanos = timeout.toNanos();
    this.guard =
        builder
            .withDescription("upstream")
            .withTimeout()
            .duration(timeout.toMillis(), ChronoUnit.MILLIS)
            .done()
            .withCircuitBreaker()
            .name("upstream")
            .failureRatio(config.failureRatio())
            .requestVolumeThreshold(config.requestVolume())
            .delay(config.delay().toMillis(), ChronoUnit.MILLIS)
            .successThreshold(1) // one probe decides
            .onStateChange(this::moveTo)
            .done()
            .build();
  }

  /** The call, made when subscribed to, unless the breaker prevents it. */
  Uni<Outcome> guard(Supplier<Uni<Outcome>> call) {
    return guard.get(
        () -> {
          // Reached only by what was let through: while half-open, that is the probe.
          if (state == CircuitBreakerState.HALF_OPEN) {
            probedAt = ticker.nanos();
            probing = true;
          }
          return call.get()
              .onItemOrFailure()
              .invoke((outcome, why) -> failure = why == null ? TIMEOUT : describe(why));
        });
  }

  private static String describe(Throwable why) {
    return why instanceof CallFailed call
        ? call.outcome().detail()
        : why.getClass().getSimpleName();
  }

  /** Whether a call would be let through now. The timer of the guard moves open to half-open. */
  boolean accepting() {
    return switch (state) {
      case CLOSED -> true;
      case OPEN -> false;
      // No probe outlives the time-out: the flag alone could be left behind by a frozen thread.
      case HALF_OPEN -> !probing || ticker.nanos() - probedAt > timeoutNanos;
    };
  }

  /** 0 closed, 1 half-open, 2 open. */
  int level() {
    return switch (state) {
      case CLOSED -> 0;
      case HALF_OPEN -> 1;
      case OPEN -> 2;
    };
  }

  private void moveTo(CircuitBreakerState next) {
    probing = false;
    state = next;
    if (next == CircuitBreakerState.OPEN) {
      outage.failed("the last call that failed: " + failure);
    } else if (next == CircuitBreakerState.CLOSED) {
      outage.recovered();
    }
  }
}
