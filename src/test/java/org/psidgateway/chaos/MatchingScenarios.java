package org.psidgateway.chaos;

import java.util.List;
import java.util.Map;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;

/** Batches of ID Matching in which operations end each in its own way. */
final class MatchingScenarios {
  private MatchingScenarios() {}

  static List<Scenario> all() {
    return List.of(
        operationsFail(),
        throttledInTheMiddle(),
        new Scenario(
            "batches are refused as a whole",
            arena -> {
              arena.script().fault(Fault.of(Kind.BATCH_REFUSED).probability(0.3));
              arena.endure(8);
            }),
        new Scenario(
            "answers on many pages, with nulls",
            arena -> {
              arena.traffic.calm();
              arena
                  .script()
                  .change(
                      settings -> {
                        settings.rowsPerPage = 1;
                        settings.emptyPages = 1;
                        settings.duplicateRows = true;
                        settings.textCodes = true;
                      });
              arena.script().fault(onAny(Kind.LOSE_REPLY, 0.1));
              arena.traffic.resume();
              arena.endure(8);
            }));
  }

  /** Nulls before and after acting, and what cannot be read or says nothing about the id. */
  static Scenario operationsFail() {
    return new Scenario(
        "operations fail, 20 % of them",
        arena -> {
          for (Kind kind :
              List.of(
                  Kind.HANG,
                  Kind.LOSE_REPLY,
                  Kind.EMPTY_BODY,
                  Kind.TRUNCATED_BODY,
                  Kind.BAD_GATEWAY,
                  Kind.SERVER_ERROR,
                  Kind.UNSUPPORTED_REQUEST)) {
            arena.script().fault(onAny(kind, 0.031)); // 1 - 0.969^7 = 20 %
          }
          arena.endure(8);
        });
  }

  /** The first operations are answered, the others are refused; then one alone is. */
  static Scenario throttledInTheMiddle() {
    return new Scenario(
        "throttled in the middle of a batch",
        arena -> {
          Fault throttled = Fault.error(403, UpstreamScenarios.throttle());
          arena.script().fault(throttled.onOperationsFrom(10).times(1));
          ask(arena, 30);
          arena.endure(3);
          Fault tooMany = Fault.error(429, Map.of("code", 4, "message", "too many"));
          arena.script().fault(tooMany.onOperation(3).times(1));
          ask(arena, 30);
          arena.endure(3);
        });
  }

  private static void ask(Arena arena, int people) {
    arena.traffic.ask(arena.victim(), 200, arena.newIds(people));
  }

  private static Fault onAny(Kind kind, double share) {
    return Fault.of(kind).onOperationsFrom(0).probability(share);
  }
}
