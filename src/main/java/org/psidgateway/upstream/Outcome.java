package org.psidgateway.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;

/**
 * What became of one call. Exactly one of five; {@link #fold} makes the compiler ask for all of
 * them.
 */
public sealed interface Outcome {

  /** One case per variant. */
  default <T> T fold(
      Function<Answered, T> answered,
      Function<Matched, T> matched,
      Function<Refused, T> refused,
      Function<Unsent, T> unsent,
      Function<Uncertain, T> uncertain) {
    if (this instanceof Answered it) {
      return answered.apply(it);
    }
    if (this instanceof Matched it) {
      return matched.apply(it);
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
        Matched::outcome,
        refused -> refused.error().name().toLowerCase(Locale.ROOT),
        Unsent::detail,
        uncertain -> "uncertain");
  }

  /** For the log: the code or the cause, without ids; empty if the call was answered. */
  default String detail() {
    return fold(
        answered -> "",
        matched -> matched.stop().map(Refused::detail).orElse(""),
        Refused::detail,
        Unsent::detail,
        Uncertain::detail);
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
   * A batch of operations was answered, each with an end of its own. An id that stands in none of
   * these has no answer, and may be asked again.
   *
   * @param matches PSIDs, by the Page that the answer names, whichever was asked for; a Page at
   *     most once per id
   * @param complete ids about which all was said: they have no PSID on a Page without a match
   * @param further ids about which there is more, by the cursor that leads to it
   * @param missing ids that are said not to exist, by an answer that may be believed once another
   *     call says so too
   * @param refused ids whose operation was refused for a reason of its own, which says nothing
   * @param returned PSIDs in the answer, repeats and those of foreign Pages included
   * @param stop what the upstream said that concerns every call, such as a throttle
   * @param usage what the answer said about the rate limits
   */
  record Matched(
      List<Match> matches,
      long[] complete,
      Map<Long, String> further,
      long[] missing,
      long[] refused,
      int returned,
      Optional<Refused> stop,
      Usage usage)
      implements Outcome {

    /** Whether nothing was said about any id. */
    public boolean saysNothing() {
      return complete.length + missing.length + refused.length == 0 && further.isEmpty();
    }

    private String outcome() {
      String silent = saysNothing() ? "transient" : "answered";
      return stop.map(Refused::label).orElse(silent);
    }
  }

  /** The person whom the app knows as {@code asid} is {@code psid} to {@code page}. */
  record Match(long asid, PageId page, long psid) {}

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
