package org.psidgateway.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.limits.LimitFeedback;
import org.psidgateway.limits.Signal;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.Usage;

/**
 * How a granted call ended.
 *
 * @param findings what the upstream said of the ids, by Page; empty if it said nothing
 * @param unasked what it said besides about Pages that nobody waits for
 * @param claims what becomes of the claims of ids that it said something about
 * @param returned PSIDs in the answer, repeats included: what is committed
 * @param outcome a short keyword for the call's row; never an id or a message
 * @param signal what the end says about the upstream, beside the answer
 * @param usage percentages that the answer reported
 * @param arrivedWithin how long after its grant the call had arrived for certain; longer than its
 *     deadline if nobody knows
 */
public record Settlement(
    Call call,
    Ending ending,
    List<PageFindings> findings,
    List<PageFindings> unasked,
    Fates claims,
    int returned,
    String outcome,
    Signal signal,
    Usage usage,
    Duration arrivedWithin) {

  /**
   * Ids whose claims don't simply go.
   *
   * @param answered nothing about them is open: neither is what an earlier call may have cost
   * @param missing said not to exist, for the first time
   * @param further there is more to be said about them, which the same process asks next
   */
  public record Fates(long[] answered, long[] missing, long[] further) {
    static final Fates NONE = answered(new long[0]);

    static Fates answered(long[] asids) {
      return new Fates(asids, new long[0], new long[0]);
    }
  }

  /** Longer than any deadline: the row keeps the one that it was granted with. */
  private static final Duration BY_ITS_DEADLINE = Duration.ofHours(1);

  /** What becomes of the units held. */
  enum Ending {
    /** Known: what was returned is committed, the rest released. */
    KNOWN,
    /** It never left: units and pace come back. */
    UNSENT,
    /** Nobody knows: the units stay counted until somebody reconciles. */
    UNCERTAIN
  }

  /** An answer: {@code findings} say something final about every id. */
  public static Settlement answered(Call call, Findings findings, int returned, Usage usage) {
    return known(call, findings, returned, "answered", Signal.OPEN, usage);
  }

  /**
   * An answer that says something about some of the ids.
   *
   * @param findings of Pages that somebody waits for; nothing final about ids in {@code missing} or
   *     {@code further}
   * @param unasked of other Pages
   */
  public static Settlement matched(
      Call call,
      List<PageFindings> findings,
      List<PageFindings> unasked,
      long[] answered,
      long[] missing,
      long[] further,
      int returned,
      String outcome,
      Signal signal,
      Usage usage) {
    return new Settlement(
        call,
        Ending.KNOWN,
        findings,
        unasked,
        new Fates(answered, missing, further),
        returned,
        outcome,
        signal,
        usage,
        BY_ITS_DEADLINE);
  }

  private static Settlement known(
      Call call, Findings findings, int returned, String outcome, Signal signal, Usage usage) {
    return new Settlement(
        call,
        Ending.KNOWN,
        List.of(new PageFindings(call.page(), findings)),
        List.of(),
        Fates.answered(findings.asids()),
        returned,
        outcome,
        signal,
        usage,
        BY_ITS_DEADLINE);
  }

  /** A well-formed error, which charges nothing; {@code findings} names the ids it rejected. */
  public static Settlement refused(
      Call call, Findings findings, String outcome, Signal signal, Usage usage) {
    return known(call, findings, 0, outcome, signal, usage);
  }

  /** A throttle: no call is granted until the cooldown that it starts is over. */
  public static Settlement throttled(
      Call call, boolean appWide, Optional<Duration> regain, String outcome, Usage usage) {
    Signal throttle = Signal.throttled(appWide, regain);
    return refused(call, Findings.NONE, outcome, throttle, usage);
  }

  public static Settlement unsent(Call call, String outcome) {
    return silent(call, Ending.UNSENT, outcome);
  }

  public static Settlement uncertain(Call call, String outcome) {
    return silent(call, Ending.UNCERTAIN, outcome);
  }

  private static Settlement silent(Call call, Ending ending, String outcome) {
    return new Settlement(
        call,
        ending,
        List.of(),
        List.of(),
        Fates.NONE,
        0,
        outcome,
        Signal.NOTHING,
        Usage.UNKNOWN,
        BY_ITS_DEADLINE);
  }

  /** The same, for a call that arrived {@code within} that time after its grant was asked for. */
  public Settlement arrived(Duration within) {
    return new Settlement(
        call,
        ending,
        findings,
        unasked,
        claims,
        returned,
        outcome,
        signal,
        usage,
        within.plus(SendDeadline.WAY));
  }

  /** What the limits are to learn from it. */
  LimitFeedback feedback() {
    return new LimitFeedback(call.id(), call.limitedPage(), signal, usage);
  }

  /** How many answers it brings. */
  int size() {
    return Stream.of(findings, unasked)
        .flatMap(List::stream)
        .mapToInt(told -> told.findings().size())
        .sum();
  }

  /** The same, when the account that it was made for is gone. */
  Settlement withoutAccount() {
    Call nobodys =
        new Call(
            call.id(), call.page(), call.lane(), call.asids(), call.callers(), call.tariff(), null);
    return new Settlement(
        nobodys,
        ending,
        findings,
        unasked,
        claims,
        returned,
        outcome,
        signal,
        usage,
        arrivedWithin);
  }

  /** Whether nobody knows how it ended. */
  public boolean isUncertain() {
    return ending == Ending.UNCERTAIN;
  }

  /** Whether nothing was sent: no answer is lost if this can't be stored. */
  public boolean isUnsent() {
    return ending == Ending.UNSENT;
  }
}
