package org.psidgateway.ledger;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Decision.Granted;

/**
 * How a granted call ended.
 *
 * @param verdicts parallel to the granted ids, see {@link org.psidgateway.model.Verdict}; 0 where
 *     the call said nothing of an id
 * @param returned PSIDs in the answer, repeats included: what is committed
 * @param outcome a short keyword for the call's row; never an id or a message
 */
public record Settlement(
    Granted grant,
    Ending ending,
    long[] verdicts,
    int returned,
    String outcome,
    @Nullable Throttle throttle) {

  /** What becomes of the units held. */
  enum Ending {
    /** Known: what was returned is committed, the rest released. */
    KNOWN,
    /** It never left: units and pace come back. */
    UNSENT,
    /** Nobody knows: the units stay counted until somebody reconciles. */
    UNCERTAIN
  }

  /**
   * The upstream asked to be left alone.
   *
   * @param appWide or this Page only
   * @param regainAfter as long as it said; where it said nothing, a back-off of ours
   */
  record Throttle(boolean appWide, Optional<Duration> regainAfter) {}

  /** An answer: {@code verdicts} is final for every id. */
  public static Settlement answered(Granted grant, long[] verdicts, int returned) {
    return new Settlement(grant, Ending.KNOWN, verdicts, returned, "answered", null);
  }

  /** A well-formed error, which charges nothing; {@code verdicts} names the ids it refused. */
  public static Settlement refused(Granted grant, long[] verdicts, String outcome) {
    return new Settlement(grant, Ending.KNOWN, verdicts, 0, outcome, null);
  }

  /** A throttle: no call is granted until the cooldown that it starts is over. */
  public static Settlement throttled(
      Granted grant, boolean appWide, Optional<Duration> regainAfter, String outcome) {
    return new Settlement(
        grant,
        Ending.KNOWN,
        new long[grant.asids().length],
        0,
        outcome,
        new Throttle(appWide, regainAfter));
  }

  public static Settlement unsent(Granted grant, String outcome) {
    return new Settlement(grant, Ending.UNSENT, new long[grant.asids().length], 0, outcome, null);
  }

  public static Settlement uncertain(Granted grant, String outcome) {
    return new Settlement(
        grant, Ending.UNCERTAIN, new long[grant.asids().length], 0, outcome, null);
  }
}
