package org.psidgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.simulator.SimulatorScript.UsageHeader;
import org.psidgateway.testing.FaultyProxy.Way;

/** The upstream fails, throttles, lies, or acts without an answer. */
final class UpstreamScenarios {
  /** With a breaker that lets one call through every 2 s, retries cannot make a storm of this. */
  private static final int STORM = 60;

  private UpstreamScenarios() {}

  static List<Scenario> all() {
    return List.of(
        thirtyPercentFaults(),
        new Scenario(
            "upstream throttles by its own count",
            arena -> {
              arena.script().change(s -> throttle(s, arena.plan.paceCalls() / 5, 5_000));
              arena.endure(10);
            }),
        throttledOnce(),
        new Scenario("upstream hangs", arena -> fails(arena, Fault.of(Kind.HANG))),
        new Scenario("upstream answers HTML", arena -> fails(arena, Fault.of(Kind.BAD_GATEWAY))),
        new Scenario("upstream answers 100/33 under throttle", UpstreamScenarios::unsupported),
        new Scenario(
            "upstream loses the reply after acting",
            arena -> fails(arena, Fault.of(Kind.LOSE_REPLY).probability(0.5))),
        new Scenario(
            "upstream hangs after acting",
            arena -> fails(arena, Fault.of(Kind.HANG_AFTER_ACTING).probability(0.5))),
        new Scenario(
            "upstream link cut",
            arena -> {
              arena.slots.forEach(slot -> slot.upstream.cut());
              arena.endure(6);
            }),
        new Scenario(
            "upstream link loses replies",
            arena -> {
              arena.slots.forEach(slot -> slot.upstream.blackHole(Way.TO_CLIENT));
              arena.endure(6);
            }));
  }

  static Scenario thirtyPercentFaults() {
    return new Scenario(
        "upstream with 30 % faults",
        arena -> {
          for (Kind kind :
              List.of(
                  Kind.RESET,
                  Kind.LOSE_REPLY,
                  Kind.EMPTY_BODY,
                  Kind.TRUNCATED_BODY,
                  Kind.BAD_GATEWAY,
                  Kind.SERVER_ERROR)) {
            arena.script().fault(Fault.of(kind).probability(0.058)); // 1 - 0.942^6 = 30 %
          }
          arena.endure(10);
        });
  }

  /** After a cooldown one call probes before others follow. */
  static Scenario throttledOnce() {
    return new Scenario(
        "upstream throttles, once",
        arena -> {
          arena.script().fault(Fault.error(403, throttle()).times(1));
          arena.endure(6);
        });
  }

  static Map<String, Object> throttle() {
    return Map.of("code", 4, "message", "Application request limit reached");
  }

  private static void throttle(SimulatorScript.Settings settings, int calls, long perMillis) {
    settings.rateCalls = calls;
    settings.ratePerMs = perMillis;
    settings.retryAfter = true;
    settings.usageHeaders = Set.of(UsageHeader.APP); // the business one counts in minutes
  }

  /** A3: known ids go on (the callers see to that), and the upstream is not stormed. */
  private static void fails(Arena arena, Fault fault) {
    int before = arena.witness().calls().size();
    arena.script().fault(fault);
    arena.endure(8);
    assertThat(arena.witness().calls().size() - before).isLessThanOrEqualTo(STORM);
  }

  /** D3: an error that speaks of an object that is not there says nothing about an id. */
  private static void unsupported(Arena arena) {
    arena.script().fault(Fault.of(Kind.UNSUPPORTED_REQUEST).probability(0.5));
    arena.script().fault(Fault.error(403, throttle()).probability(0.3));
    arena.endure(8);
  }
}
