package org.psidgateway.chaos;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Faults under load.
 *
 * @param recovers how soon after the last fault every pod converts again
 * @param lastOfQuota whether nothing can be converted afterwards
 * @param strikes does them; what it leaves broken is healed after it, and everything audited then
 */
record Scenario(String name, Duration recovers, Consumer<Arena> strikes, boolean lastOfQuota) {
  private static final Duration USUAL = Duration.ofSeconds(20);

  Scenario(String name, Consumer<Arena> strikes) {
    this(name, USUAL, strikes, false);
  }

  Scenario recoversWithin(Duration time) {
    return new Scenario(name, time, strikes, lastOfQuota);
  }

  /** Nothing can be converted afterwards. */
  Scenario endsTheQuota() {
    return new Scenario(name, recovers, strikes, true);
  }

  @Override
  public String toString() {
    return name;
  }
}
