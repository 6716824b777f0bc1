package org.psidgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

/** How much of what the pace allows is used while more waits than it lets through. */
final class PaceUse {
  private static final int CALLS = 400;
  private static final Duration PER = Duration.ofSeconds(40);
  private static final int PERIODS = 2;
  private static final int BATCH = 5;
  private static final double LEAST = 0.98;

  private PaceUse() {}

  /** Two pods, five ids per call. */
  static Plan plan(Plan usual) {
    int calls = usual.isMatching() ? CALLS * BATCH : CALLS;
    return usual.withPace(calls, PER).with("gateway.upstream.batch-size", Integer.toString(BATCH));
  }

  static Scenario measured(Table table) {
    return new Scenario(
            "constant load over " + PERIODS + " periods", arena -> measure(arena, table))
        .endsThere();
  }

  private static void measure(Arena arena, Table table) {
    arena.traffic.stop();
    for (Slot slot : arena.slots) { // more than a pod gets through in this time
      slot.gateway().resolve(100, 0, arena.newIds(CALLS * PERIODS * BATCH));
    }
    arena.endure(1);
    long from = System.nanoTime();
    arena.endure(PER.multipliedBy(PERIODS));
    long to = System.nanoTime();
    double allowed = (double) arena.plan.paceCalls() * (to - from) / PER.toNanos();
    double share = arrived(Testimony.of(arena.witness()).arrivals(), from, to) / allowed;
    table.remark(
        "Share of the allowed pace that is used under constant load: %.1f %%"
            .formatted(100 * share));
    assertThat(share).isGreaterThanOrEqualTo(LEAST);
  }

  private static long arrived(List<Long> arrivals, long from, long to) {
    return arrivals.stream().filter(at -> at - from >= 0 && at - to < 0).count();
  }
}
