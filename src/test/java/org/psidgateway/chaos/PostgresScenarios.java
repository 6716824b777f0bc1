package org.psidgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.FaultyProxy.Way;

/** PostgreSQL goes away, or its answers do. */
final class PostgresScenarios {
  private PostgresScenarios() {}

  static List<Scenario> all() {
    return each().stream().map(s -> s.recoversWithin(Duration.ofSeconds(10))).toList(); // A2
  }

  private static List<Scenario> each() {
    return List.of(
        new Scenario("postgres killed", PostgresScenarios::killed),
        new Scenario("postgres cut off", arena -> away(arena, slot -> slot.postgres.cut())),
        new Scenario(
            "postgres a black hole",
            arena -> away(arena, slot -> slot.postgres.blackHole(Way.values()))),
        new Scenario("postgres stalled", arena -> away(arena, slot -> slot.postgres.swallow())),
        restartedWhileAnswersWait(),
        new Scenario(
            "postgres slow",
            arena -> {
              arena.slots.forEach(slot -> slot.postgres.delay(Duration.ofMillis(40)));
              arena.endure(6);
            }),
        new Scenario(
            "postgres link reset again and again",
            arena -> {
              for (int i = 0; i < 10; i++) {
                arena.slots.forEach(slot -> slot.postgres.reset());
                arena.endure(Duration.ofMillis(400));
              }
            }),
        commitReplyLost(Failpoint.AFTER_RESERVE),
        commitReplyLost(Failpoint.AFTER_SETTLE));
  }

  private interface Strike {
    void at(Slot slot);
  }

  private static void killed(Arena arena) {
    arena.services.postgres().kill();
    assertNothingIsSent(arena);
  }

  private static void away(Arena arena, Strike strike) {
    arena.slots.forEach(strike::at);
    assertNothingIsSent(arena);
  }

  /** A2: no call leaves without a grant from before; pods stay ready. */
  private static void assertNothingIsSent(Arena arena) {
    arena.endure(Duration.ofMillis(500));
    int calls = arena.witness().calls().size();
    arena.endure(6);
    assertThat(arena.witness().calls()).hasSize(calls);
    assertThat(arena.slots).allMatch(slot -> slot.pod().isReady());
  }

  static Scenario restartedWhileAnswersWait() {
    return new Scenario(
        "postgres restarted while answers wait in memory",
        arena -> {
          arena.script().fault(Fault.slow(800));
          long[] ids = arena.newMappedIds(5);
          arena.traffic.ask(arena.victim(), 100, ids);
          Awaitility.await().until(() -> arena.witness().timesConverted(100, ids[0]) == 1);
          arena.services.postgres().kill();
          arena.endure(2);
          arena.services.postgres().heal();
          arena.script().clearFaults();
          Awaitility.await()
              .atMost(Duration.ofSeconds(20))
              .until(() -> arena.victim().gateway().resolve(100, 1, ids).mappings().size() == 5);
          assertThat(arena.witness().timesConverted(100, ids[0])).isEqualTo(1);
        });
  }

  /** PostgreSQL has committed, and the pod hears nothing but that its connection is gone. */
  static Scenario commitReplyLost(Failpoint point) {
    boolean grant = point == Failpoint.AFTER_RESERVE;
    return new Scenario(
        "reply to COMMIT lost " + (grant ? "of a grant" : "of an answer"),
        arena -> {
          for (int i = 0; i < 5; i++) {
            Stop stop = arena.victim().arm(point);
            arena.traffic.ask(arena.victim(), 100, arena.newIds(3));
            stop.awaitReached();
            stop.lose();
          }
        });
  }
}
