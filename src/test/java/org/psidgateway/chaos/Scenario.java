package org.psidgateway.chaos;

import java.util.function.Consumer;

/**
 * Faults under load.
 *
 * @param strikes does them; what it leaves broken is healed after it, and everything audited then
 */
record Scenario(String name, Consumer<Arena> strikes) {
  @Override
  public String toString() {
    return name;
  }
}
