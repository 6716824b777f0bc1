package org.psidgateway.batch;

/**
 * The calls that may be spent on finding the bad id of one batch, shared by the parts it is split
 * into. Thread-safe.
 */
final class Isolation {
  /** Two calls per level find one bad id among 200. */
  private static final int CALLS = 16;

  private static final int NOT_ACTIVE = -1;

  private int callsLeft;

  private Isolation(int callsLeft) {
    this.callsLeft = callsLeft;
  }

  /** No bad id is looked for. */
  static Isolation none() {
    return new Isolation(NOT_ACTIVE);
  }

  /** For a single suspect, which needs no call but its own. */
  static Isolation ofSuspect() {
    return new Isolation(0);
  }

  /** For the parts of a batch: what is left, if it is a part itself. */
  Isolation forParts() {
    return isActive() ? this : new Isolation(CALLS);
  }

  /** Whether calls are made to find a bad id. */
  synchronized boolean isActive() {
    return callsLeft != NOT_ACTIVE;
  }

  /** Takes one call; false if none is left. */
  synchronized boolean spend() {
    if (callsLeft > 0) {
      callsLeft--;
      return true;
    }
    return false;
  }
}
