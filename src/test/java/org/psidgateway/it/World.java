package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.simulator.Witness;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** A database and an upstream of the test's own, and what must hold of them at any time. */
final class World implements AutoCloseable {
  static final long PAGE = 100;

  /**
   * The witness stands in the JVM of the tests, of which three run at a time, and may notice a call
   * this much later than it came. The chaos suite, which has the machine to itself, allows nothing.
   */
  private static final Duration WITNESS_IS_LATE = Duration.ofMillis(150);

  final Backing.Database database;
  final SimulatedGraph upstream =
      SimulatedGraph.start(
          0,
          new SimulatorScript("app-secret").page(100, "token-of-100").page(200, "token-of-200"),
          InstantSource.system());

  World() {
    this(Backing.freshDatabase());
  }

  World(Backing.Database database) {
    this.database = database;
  }

  SimulatorScript script() {
    return upstream.script();
  }

  /** From now on ids that end in 000 are invalid, and those that end in 404 are of nobody. */
  void rejectSomeIds() {
    script()
        .change(
            s -> {
              s.invalidSuffixes.add("000");
              s.unmappedSuffixes.add("404");
            });
  }

  Witness witness() {
    return upstream.witness();
  }

  Pod.Settings pod() {
    return new Pod.Settings(database, upstream.baseUrl());
  }

  /** D2: every PSID shown is the one of this person on this Page. */
  static void assertTrue(long page, Map<Long, Long> mappings) {
    mappings.forEach((asid, psid) -> assertThat(psid).isEqualTo(SimulatedGraph.psidOf(page, asid)));
  }

  /** Q1 and Q3, by the ledger as the gateway shows it and by the upstream's own count. */
  void assertAudit(Gateway gateway) {
    var quota = gateway.get("/v1/quota").body();
    long committed = quota.path("committed").asLong();
    long held = quota.path("held").asLong();
    long uncertain = quota.path("uncertain").asLong();
    long limit = quota.path("limit").asLong();
    assertThat(limit).isEqualTo(committed + held + uncertain + quota.path("remaining").asLong());
    assertThat(witness().conversions())
        .isBetween(committed, committed + held + uncertain)
        .isLessThanOrEqualTo(limit);
  }

  /** Q5, by the times at which calls reached the upstream, in every sliding window. */
  void assertPaceKept(int calls, Duration per) {
    List<Witness.Call> made = witness().calls();
    for (int i = calls; i < made.size(); i++) {
      assertThat(made.get(i).arrivedNanos() - made.get(i - calls).arrivedNanos())
          .isGreaterThanOrEqualTo(per.minus(WITNESS_IS_LATE).toNanos());
    }
  }

  @Override
  public void close() {
    upstream.close();
  }
}
