package org.psidgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.psidgateway.simulator.Witness;

/** How much of what the pace allows is used while more waits than it lets through. */
final class PaceUse {
  private static final int CALLS = 400;
  private static final Duration PER = Duration.ofSeconds(40);
  private static final int PERIODS = 2;
  private static final double LEAST = 0.98;

  private PaceUse() {}

  /** Two pods, five ids per call. */
  static Plan plan() {
    return Plan.usual().withPace(CALLS, PER).with("gateway.upstream.batch-size", "5");
  }

  static Scenario measured(Table table) {
    return new Scenario(
            "constant load over " + PERIODS + " periods", arena -> measure(arena, table))
        .endsThere();
  }

  private static void measure(Arena arena, Table table) {
    arena.traffic.stop();
    for (Slot slot : arena.slots) { // more than a pod gets through in this time
      slot.gateway().resolve(100, 0, arena.newIds(CALLS * PERIODS * 5));
    }
    arena.endure(1);
    long from = System.nanoTime();
    arena.endure(PER.multipliedBy(PERIODS));
    long to = System.nanoTime();
    double allowed = (double) CALLS * (to - from) / PER.toNanos();
    double share = arrived(arena.witness().calls(), from, to) / allowed;
    table.remark(
        "Share of the allowed pace that is used under constant load: %.1f %%"
            .formatted(100 * share));
    assertThat(share).isGreaterThanOrEqualTo(LEAST);
  }

  private static long arrived(List<Witness.Call> calls, long from, long to) {
    return calls.stream()
        .filter(call -> call.arrivedNanos() - from >= 0 && call.arrivedNanos() - to < 0)
        .count();
  }
}
