package org.psidgateway.upstream;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Usage;

/**
 * What became of one call. Exactly one of four; {@link #fold} makes the compiler ask for all of
 * them.
 */
public sealed interface Outcome {

  /** One case per variant. */
  default <T> T fold(
      Function<Answered, T> answered,
      Function<Refused, T> refused,
      Function<Unsent, T> unsent,
      Function<Uncertain, T> uncertain) {
    if (this instanceof Answered it) {
      return answered.apply(it);
    }
    if (this instanceof Refused it) {
      return refused.apply(it);
    }
    if (this instanceof Unsent it) {
      return unsent.apply(it);
    }
    return uncertain.apply((Uncertain) this);
  }

  /** One word for meters and traces, of a bounded set. */
  default String label() {
    return fold(
        answered -> "answered",
        refused -> refused.error().name().toLowerCase(Locale.ROOT),
        Unsent::detail,
        uncertain -> "uncertain");
  }

  /** For the log: the code or the cause, without ids; empty if the call was answered. */
  default String detail() {
    return fold(answered -> "", Refused::detail, Unsent::detail, Uncertain::detail);
  }

  /**
   * The upstream answered: final for every id.
   *
   * @param findings one of each id asked: its PSID, or that the answer left it out
   * @param returned PSIDs in the answer, repeats and unasked ids included: what was spent
   * @param usage what the answer said about the rate limits
   */
  record Answered(Findings findings, int returned, Usage usage) implements Outcome {}

  /**
   * A well-formed error: nothing was converted, nothing is charged.
   *
   * @param rejected the ids that the error names, only ids that were asked; empty for most errors
   * @param regainAfter how long the upstream says to wait, at most a day; empty if it is neither a
   *     throttle nor transient, or says nothing
   * @param usage what the answer said about the rate limits, throttle or not
   * @param detail code, subcode and type for the log: never the message, which may carry ids
   */
  record Refused(
      UpstreamError error,
      Findings rejected,
      Optional<Duration> regainAfter,
      Usage usage,
      String detail)
      implements Outcome {}

  /**
   * The call never left: no connection, or none in time, or the circuit breaker was open. Costs
   * nothing.
   */
  record Unsent(String detail) implements Outcome {
    static final String LATE = "late";
    static final String BREAKER_OPEN = "breaker_open";

    /**
     * Whether the connection came, but only after the call had to have left. It is kept for a
     * while, so the next try, at once, is in time.
     */
    public boolean isLate() {
      return detail.equals(LATE);
    }

    /** Whether it was stopped on this side, and so says nothing about the upstream. */
    public boolean isHeldBack() {
      return isLate() || detail.equals(BREAKER_OPEN);
    }
  }

  /** The call left and nobody knows what became of it: it may have been charged. */
  record Uncertain(String detail) implements Outcome {}
}
