package org.psidgateway.chaos;

import java.util.ArrayList;
import java.util.List;

/** What is counted from the beginning of an arena on. */
record Counts(
    long converted,
    long again,
    long inCooldown,
    long besideAProbe,
    long overPace,
    long failed,
    long lookedUp) {

  static Counts of(Arena arena) {
    return new Counts(
        arena.witness().conversions(),
        arena.audit.convertedAgain(),
        arena.audit.inCooldown(),
        arena.audit.besideAProbe(),
        arena.audit.overPace(),
        arena.traffic.failed(),
        arena.traffic.lookedUp());
  }

  Counts minus(Counts before) {
    return new Counts(
        converted - before.converted,
        again - before.again,
        inCooldown - before.inCooldown,
        besideAProbe - before.besideAProbe,
        overPace - before.overPace,
        failed - before.failed,
        lookedUp - before.lookedUp);
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (inCooldown > 0) {
      findings.add(new Finding("Q4", inCooldown + " calls granted in a cooldown"));
    }
    if (besideAProbe > 0) {
      findings.add(new Finding("Q4 probe", besideAProbe + " calls granted beside a probe"));
    }
    if (overPace > 0) {
      findings.add(new Finding("Q5", overPace + " calls over the pace"));
    }
    return findings;
  }
}
