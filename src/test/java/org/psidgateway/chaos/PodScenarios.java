package org.psidgateway.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.psidgateway.simulator.SimulatedGraph.Fault;

/** A pod is killed, or freezes and wakes up much later, at each step of a call. */
final class PodScenarios {
  /** Longer than a lost call is waited for, so that others have taken over when it wakes up. */
  private static final int FROZEN_SECONDS = 10;

  private PodScenarios() {}

  static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>();
    for (Failpoint point : Failpoint.values()) {
      all.add(killed(point));
      all.add(frozen(point));
    }
    all.add(new Scenario("pod killed after send", PodScenarios::killedAfterSend));
    all.add(new Scenario("pod frozen after send", PodScenarios::frozenAfterSend));
    return all;
  }

  static Scenario killed(Failpoint point) {
    return new Scenario(
        "pod killed " + name(point),
        arena -> {
          Stop stop = stopVictim(arena, point);
          arena.victim().kill();
          stop.lose();
          arena.endure(1);
        });
  }

  static Scenario frozen(Failpoint point) {
    return frozen(point, FROZEN_SECONDS);
  }

  static Scenario frozen(Failpoint point, int seconds) {
    return new Scenario(
        "pod frozen " + name(point) + " for " + seconds + " s",
        arena -> {
          Stop stop = stopVictim(arena, point);
          arena.victim().freeze();
          stop.release();
          arena.endure(seconds);
        });
  }

  private static String name(Failpoint point) {
    return point.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static Stop stopVictim(Arena arena, Failpoint point) {
    Stop stop = arena.victim().arm(point);
    long[] ids = arena.newIds(5);
    arena.traffic.ask(arena.victim(), 100, ids);
    stop.awaitReached();
    othersWant(arena, ids);
    return stop;
  }

  /**
   * So that the ids are asked again as soon as that is allowed, while the victim may still wake.
   */
  private static void othersWant(Arena arena, long[] ids) {
    arena.slots.stream().skip(1).forEach(slot -> arena.traffic.ask(slot, 100, ids));
  }

  private static void killedAfterSend(Arena arena) {
    awaitSent(arena);
    arena.victim().kill();
    arena.endure(1);
  }

  private static void frozenAfterSend(Arena arena) {
    awaitSent(arena);
    arena.victim().freeze();
    arena.endure(FROZEN_SECONDS);
  }

  /** Returns while the upstream has acted on a call of the victim's and its answer is held back. */
  private static void awaitSent(Arena arena) {
    arena.script().fault(Fault.slow(700));
    long[] ids = arena.newIds(5);
    arena.traffic.ask(arena.victim(), 100, ids);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> arena.witness().timesConverted(100, ids[0]) > 0);
    othersWant(arena, ids);
  }
}
