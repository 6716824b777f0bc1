package org.psidgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;
import org.psidgateway.testing.Gateway.Answer;

/** Scenarios for all pods: a rolling update, wrong clocks, the last of the quota, full batches. */
final class FleetScenarios {
  private static final int BACKGROUND_CALLS = 50;

  private FleetScenarios() {}

  /** A4: every caller that asks a pod that says it is ready gets an answer. */
  static Scenario rollingUpdate() {
    return new Scenario("rolling update", arena -> List.copyOf(arena.slots).forEach(Slot::roll));
  }

  /** To be played by pods whose clocks differ. */
  static Scenario clocksApart() {
    return new Scenario(
        "pods' clocks five minutes apart",
        arena -> {
          arena.script().fault(Fault.of(Kind.LOSE_REPLY).probability(0.2));
          arena.script().fault(Fault.error(403, UpstreamScenarios.throttle()).times(2));
          arena.endure(8);
        });
  }

  /** Q1: replies are lost until nothing is left to spend. */
  static Scenario quotaRunsOut() {
    return new Scenario(
            "quota runs out while replies are lost",
            arena -> {
              arena.script().fault(Fault.of(Kind.LOSE_REPLY).probability(0.4));
              for (int i = 0; i < 20; i++) {
                arena.slots.forEach(slot -> arena.traffic.ask(slot, 100, arena.newIds(20)));
                arena.endure(Duration.ofMillis(500));
              }
              Answer last = arena.victim().gateway().resolve(100, 5, arena.newIds(1));
              assertThat(last.unresolved()).containsValue("failed/quota_exhausted");
            })
        .endsThere();
  }

  /** Q6, with errors that make calls be repeated. */
  static Scenario backgroundFillsItsBatches() {
    return new Scenario(
        "background lists on two pods, 5 % errors",
        arena -> {
          arena.traffic.stop();
          arena.script().fault(Fault.of(Kind.SERVER_ERROR).probability(0.05));
          int before = sent(arena).size();
          arena.slots.stream()
              .map(slot -> background(arena, slot))
              .toList()
              .forEach(CompletableFuture::join);
          List<Testimony.Sent> calls = sent(arena);
          List<Testimony.Sent> mine = calls.subList(before, calls.size());
          double asked = mine.stream().mapToInt(call -> call.asked().asids().size()).sum();
          double full = arena.plan.batchSize();
          assertThat(asked).isGreaterThan(0.99 * BACKGROUND_CALLS * full * arena.slots.size());
          assertThat(asked / (full * mine.size())).as("fill").isGreaterThanOrEqualTo(0.98);
        });
  }

  private static List<Testimony.Sent> sent(Arena arena) {
    return Testimony.of(arena.witness()).sent();
  }

  private static CompletableFuture<Answer> background(Arena arena, Slot slot) {
    String ids =
        LongStream.of(arena.newIds(BACKGROUND_CALLS * arena.plan.batchSize()))
            .filter(id -> id % 1_000 != 777) // refused ids split the batches they are in
            .mapToObj(id -> "\"" + id + "\"")
            .collect(Collectors.joining(","));
    String body = "{\"priority\":\"background\",\"asids\":[" + ids + "]}";
    return slot.gateway().resolveBody(100, 30, body);
  }
}
