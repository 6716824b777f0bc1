package org.psidgateway.upstream;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.jboss.logging.Logger;
import org.psidgateway.time.Ticker;
import org.psidgateway.upstream.Exchange.Reply;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Outcome.Unsent;
import org.psidgateway.upstream.UpstreamMeters.Phase;

/**
 * One call, whatever its protocol: connects, asks the circuit breaker, and sends in time or not at
 * all.
 */
final class GuardedCall {
  static final Outcome BREAKER_OPEN = new Unsent(UpstreamMeters.BREAKER_OPEN);

  private static final Logger LOG = Logger.getLogger(GuardedCall.class);
  private static final int FIRST_SERVER_ERROR = 500;
  private static final Outcome LATE = new Unsent(Unsent.LATE);

  private final Exchange exchange;
  private final Function<Reply, Outcome> reading;
  private final Breaker breaker;
  private final UpstreamMeters meters;
  private final Ticker ticker;

  /**
   * @param reading gives the meaning of an answer; {@link Outcome.Uncertain} counts as a failure in
   *     the breaker
   */
  GuardedCall(
      Exchange exchange,
      Function<Reply, Outcome> reading,
      Breaker breaker,
      UpstreamMeters meters,
      Ticker ticker) {
    this.exchange = exchange;
    this.reading = reading;
    this.breaker = breaker;
    this.meters = meters;
    this.ticker = ticker;
  }

  /**
   * The outcome; subscribe once. Never fails.
   *
   * <p>Connects before the breaker is asked, since a connection that came late says nothing of the
   * upstream: as a failure it would open the breaker, and as a probe's success it would close it.
   * One that failed is a failed call.
   *
   * @param sendBefore as for {@link Upstream#ask}
   * @param objection as for {@link Upstream#ask}
   */
  Uni<Outcome> outcome(long sendBefore, Supplier<Uni<Optional<String>>> objection) {
    return exchange
        .connect()
        .onItemOrFailure()
        .transformToUni(
            (connected, failure) -> {
              if (failure != null) {
                return guarded(() -> Uni.createFrom().failure(failure));
              }
              if (ticker.nanos() - sendBefore > 0) {
                return givenUp(LATE);
              }
              return objection
                  .get()
                  .flatMap(
                      reason ->
                          reason.isPresent()
                              ? givenUp(new Unsent(reason.get()))
                              : guarded(() -> send(sendBefore)));
            });
  }

  private Uni<Outcome> givenUp(Outcome outcome) {
    exchange.abandon();
    return Uni.createFrom().item(outcome);
  }

  private Uni<Outcome> guarded(Supplier<Uni<Outcome>> call) {
    return breaker.guard(call).onFailure().recoverWithItem(this::failed);
  }

  /** Looks at the time once more, as late as can be: the process may have been frozen meanwhile. */
  private Uni<Outcome> send(long sendBefore) {
    return ticker.nanos() - sendBefore > 0 ? givenUp(LATE) : exchange.send().map(this::judge);
  }

  private Outcome judge(Reply reply) {
    Outcome outcome = reading.apply(reply);
    boolean failure =
        outcome.fold(
            answered -> false,
            matched -> matched.stop().filter(stop -> stop.error().isTransient()).isPresent(),
            refused -> refused.error().isTransient() && reply.status() >= FIRST_SERVER_ERROR,
            unsent -> true,
            uncertain -> true);
    if (failure) {
      throw new CallFailed(outcome);
    }
    return outcome;
  }

  private Outcome failed(Throwable failure) {
    if (failure instanceof CallFailed call) {
      if (call.outcome() == Exchange.CONNECT_TIMEOUT) {
        meters.timedOut(Phase.CONNECT);
      }
      return call.outcome();
    }
    if (failure instanceof CircuitBreakerOpenException) {
      exchange.abandon();
      return BREAKER_OPEN;
    }
    String detail = "timeout";
    if (failure instanceof TimeoutException) {
      meters.timedOut(Phase.CALL);
    } else {
      detail = "unexpected";
      LOG.errorf(
          "Upstream call failed unexpectedly: %s",
          failure.getClass().getName()); // its text may contain ids
    }
    return exchange.abandon() ? new Unsent(detail) : new Uncertain(detail);
  }
}
