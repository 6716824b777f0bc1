package org.psidgateway.upstream;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.psidgateway.model.Tariff;
import org.psidgateway.time.Ticker;

/**
 * One way to ask for PSIDs. It declares what a batch costs, so that pace, batch size and ledger
 * need not know which one it is. Thread-safe.
 */
public interface Upstream {

  /** What its calls cost. */
  Tariff tariff();

  /** The longest that {@link #ask} takes from the moment that the call had to be sent by. */
  Duration timeout();

  /** Most calls that may be under way at once from this process. */
  int concurrency();

  /**
   * Whether a call would be let through now; false while the circuit breaker is open. Ask before
   * reserving: a call that may not be sent reserves nothing.
   */
  boolean accepting();

  /**
   * Sends one call, at once, and reports what came of it. Never fails and always ends, {@link
   * #timeout()} after {@code sendBefore} at the latest: every failure is an {@link Outcome}. The
   * call is made by this method and not by a subscription: subscribing again gives the same
   * outcome, and cancelling stops nothing. The outcome may arrive on an event loop: don't block
   * there.
   *
   * @param token the Page's access token, empty unless {@link Tariff#pageTokens}; goes nowhere but
   *     to the upstream
   * @param sendBefore by {@link Ticker#nanos()}: if connecting takes longer, nothing is sent and
   *     the outcome is an {@link Outcome.Unsent} that {@linkplain Outcome.Unsent#isLate() is late},
   *     as soon as the connection stands
   * @param objection asked once the connection stands, as late as can be: if it emits a reason,
   *     nothing is sent and the outcome is an {@link Outcome.Unsent} with that detail; must not
   *     fail
   */
  Uni<Outcome> ask(
      Question question, String token, long sendBefore, Supplier<Uni<Optional<String>>> objection);
}
