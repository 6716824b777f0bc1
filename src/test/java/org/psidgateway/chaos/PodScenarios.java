package org.psidgateway.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.psidgateway.simulator.SimulatedGraph.Fault;

/** A pod is killed, or freezes and wakes up much later, at each step of a call. */
final class PodScenarios {
  /** A lost call is noticed within 30 s; then its ids wait for a moment before they are asked. */
  private static final Duration TAKEN_OVER = Duration.ofSeconds(35);

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
          long[] ids = arena.newMappedIds(5);
          Stop stop = stopVictim(arena, point, ids);
          arena.victim().kill();
          stop.lose();
          arena.endure(1);
        });
  }

  /** Until others have done what it had begun: then it wakes up with a call that is not its own. */
  static Scenario frozen(Failpoint point) {
    return new Scenario(
        "pod frozen " + name(point),
        arena -> {
          long[] ids = arena.newMappedIds(5);
          freezeAt(arena, point, ids);
          awaitTakenOver(arena, ids, point == Failpoint.BEFORE_SETTLE ? 2 : 1);
        });
  }

  static Scenario frozen(Failpoint point, int seconds) {
    return new Scenario(
        "pod frozen " + name(point) + " for " + seconds + " s",
        arena -> {
          freezeAt(arena, point, arena.newMappedIds(5));
          arena.endure(seconds);
        });
  }

  private static void freezeAt(Arena arena, Failpoint point, long[] ids) {
    Stop stop = stopVictim(arena, point, ids);
    arena.victim().freeze();
    stop.release();
  }

  private static void awaitTakenOver(Arena arena, long[] ids, int conversions) {
    arena.endure(3);
    Awaitility.await()
        .pollInterval(Duration.ofSeconds(1))
        .atMost(TAKEN_OVER)
        .until(
            () -> {
              askOthers(arena, ids); // what nobody wants any more is not asked again
              return arena.witness().timesConverted(100, ids[0]) >= conversions;
            });
  }

  private static String name(Failpoint point) {
    return point.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Returns while the call that carries these ids, and no other one, is held. */
  private static Stop stopVictim(Arena arena, Failpoint point, long[] ids) {
    arena.traffic.calm();
    Stop stop = arena.victim().arm(point);
    arena.traffic.ask(arena.victim(), 100, ids);
    stop.awaitReached();
    othersWant(arena, ids);
    return stop;
  }

  /**
   * So that the ids are asked again as soon as that is allowed, while the victim may still wake.
   */
  private static void othersWant(Arena arena, long[] ids) {
    askOthers(arena, ids);
    arena.traffic.resume();
  }

  private static void askOthers(Arena arena, long[] ids) {
    arena.slots.stream().skip(1).forEach(slot -> arena.traffic.ask(slot, 100, ids));
  }

  private static void killedAfterSend(Arena arena) {
    awaitSent(arena, arena.newMappedIds(5));
    arena.victim().kill();
    arena.endure(1);
  }

  private static void frozenAfterSend(Arena arena) {
    long[] ids = arena.newMappedIds(5);
    awaitSent(arena, ids);
    arena.victim().freeze();
    awaitTakenOver(arena, ids, 2);
  }

  /** Returns while the upstream has acted on a call of the victim's and its answer is held back. */
  private static void awaitSent(Arena arena, long[] ids) {
    arena.traffic.calm();
    arena.script().fault(Fault.slow(700));
    arena.traffic.ask(arena.victim(), 100, ids);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> arena.witness().timesConverted(100, ids[0]) > 0);
    othersWant(arena, ids);
  }
}
