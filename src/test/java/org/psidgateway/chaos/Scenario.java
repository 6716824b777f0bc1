package org.psidgateway.chaos;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Faults under load.
 *
 * @param recovers how soon after the last fault every pod converts again
 * @param strikes does them; what it leaves broken is healed after it, and everything audited then
 * @param convertsAfterwards whether new ids, and those asked for meanwhile, are to be converted
 *     then
 */
record Scenario(
    String name, Duration recovers, Consumer<Arena> strikes, boolean convertsAfterwards) {
  private static final Duration USUAL = Duration.ofSeconds(20);

  Scenario(String name, Consumer<Arena> strikes) {
    this(name, USUAL, strikes, true);
  }

  Scenario recoversWithin(Duration time) {
    return new Scenario(name, time, strikes, convertsAfterwards);
  }

  /** Nothing is expected to be converted afterwards. */
  Scenario endsThere() {
    return new Scenario(name, recovers, strikes, false);
  }

  @Override
  public String toString() {
    return name;
  }
}
