package org.psidgateway.batch;

import java.time.Duration;

/** How long a conversion waits before its next turn. Used by one conversion, one turn at a time. */
final class Pauses {
  /** Between two tries to reach PostgreSQL. */
  static final Duration STORE_AWAY = Duration.ofSeconds(1);

  static final Duration SHORTEST = Duration.ofMillis(100);
  static final Duration LONGEST = Duration.ofSeconds(5);

  private int tries;
  private int late;

  /** After something that should have worked: twice as long each time, until a call leaves. */
  Duration next(Duration first) {
    return doubled(first, tries++);
  }

  /** After a grant that could not be sent in time: likewise. */
  Duration nextAfterLateGrant() {
    return doubled(SHORTEST, late++);
  }

  /** A call has left. */
  void reset() {
    tries = 0;
    late = 0;
  }

  private static Duration doubled(Duration first, int times) {
    Duration pause = first.multipliedBy(1L << Math.min(times, 10));
    return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
  }
}
