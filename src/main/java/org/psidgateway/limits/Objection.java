package org.psidgateway.limits;

import java.time.Duration;
import org.psidgateway.model.Fate;

/** Why a call may not go out now. */
public sealed interface Objection {

  /** What the ids answer. */
  Fate why();

  /**
   * Not before {@code delay} has passed.
   *
   * @param appWide whether no other call of this lane may go out before that either
   */
  record Hold(Duration delay, Fate why, boolean appWide) implements Objection {}

  /** Not at all, as things stand. */
  record Denial(Fate why) implements Objection {}
}
