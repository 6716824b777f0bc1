package org.psidgateway.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.FaultyProxy.Way;

/** Faults to be drawn by chance; each lasts until {@link Arena#heal}. */
final class Strikes {

  /** One of them. */
  record Strike(String name, Blow blow) {}

  interface Blow {
    void at(Arena arena, Random random);
  }

  /**
   * Faults of what pods share, and of the links to it. One at a time, or nothing can be promised.
   */
  static final List<Strike> OF_SERVICES =
      List.of(
          new Strike("postgres killed", (arena, random) -> arena.services.postgres().kill()),
          new Strike("postgres link ill", (arena, random) -> links(arena, random, s -> s.postgres)),
          new Strike("redis killed", (arena, random) -> arena.services.redis().kill()),
          new Strike("redis frozen", (arena, random) -> arena.services.redis().freeze()),
          new Strike("redis flushed", (arena, random) -> arena.services.redis().flush()),
          new Strike("redis link ill", (arena, random) -> links(arena, random, s -> s.redis)),
          new Strike("upstream link ill", Strikes::upstreamLinks),
          new Strike("upstream ill", Strikes::upstream),
          new Strike("operations ill", Strikes::operations),
          new Strike("upstream throttles", Strikes::throttle));

  private static final List<Kind> OF_OPERATIONS =
      List.of(
          Kind.HANG,
          Kind.HANG_AFTER_ACTING,
          Kind.EMPTY_BODY,
          Kind.TRUNCATED_BODY,
          Kind.BAD_GATEWAY,
          Kind.UNAVAILABLE,
          Kind.UNKNOWN_ERROR,
          Kind.UNKNOWN_1150,
          Kind.UNSUPPORTED_REQUEST);

  /** Faults of one pod. */
  static final List<Strike> OF_PODS =
      List.of(
          new Strike("nothing", (arena, random) -> {}),
          new Strike("pod killed", (arena, random) -> any(arena, random).kill()),
          new Strike("pod frozen", (arena, random) -> any(arena, random).freeze()),
          new Strike("pod killed at a failpoint", (arena, random) -> at(arena, random, true)),
          new Strike("pod frozen at a failpoint", (arena, random) -> at(arena, random, false)),
          new Strike("message lost at a failpoint", Strikes::lose));

  private Strikes() {}

  private interface Link {
    FaultyProxy of(Slot slot);
  }

  /** Faults of one pod or of all. */
  private static void links(Arena arena, Random random, Link link) {
    List<Slot> struck = random.nextBoolean() ? arena.slots : List.of(any(arena, random));
    int fault = random.nextInt(6);
    int millis = 5 + random.nextInt(300);
    struck.forEach(slot -> hurt(link.of(slot), fault, millis));
  }

  /** Nothing that makes a call arrive late: to the witness it would look like one sent late. */
  private static void upstreamLinks(Arena arena, Random random) {
    int fault = random.nextInt(4);
    arena.slots.forEach(slot -> hurt(slot.upstream, fault, 0));
  }

  private static void hurt(FaultyProxy proxy, int fault, int millis) {
    switch (fault) {
      case 0 -> proxy.cut();
      case 1 -> proxy.reset();
      case 2 -> proxy.blackHole(Way.values());
      case 3 -> proxy.blackHole(Way.TO_CLIENT);
      case 4 -> proxy.swallow();
      default -> proxy.delay(Duration.ofMillis(millis));
    }
  }

  private static void upstream(Arena arena, Random random) {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    double share = 0.2 + 0.8 * random.nextDouble();
    Fault fault =
        switch (kind) {
          case SLOW -> Fault.slow(random.nextInt(1_500));
          case ERROR -> Fault.error(500, Map.of("code", 2, "message", "sorry"));
          default -> Fault.of(kind);
        };
    arena.script().fault(fault.probability(share));
  }

  /** A "does not exist" would have to be believed; without batches nothing is struck. */
  private static void operations(Arena arena, Random random) {
    Kind kind = OF_OPERATIONS.get(random.nextInt(OF_OPERATIONS.size()));
    double share = 0.1 + 0.5 * random.nextDouble();
    arena.script().fault(Fault.of(kind).onOperationsFrom(0).probability(share));
  }

  private static void throttle(Arena arena, Random random) {
    int code = List.of(4, 17, 32, 613, 80_001).get(random.nextInt(5));
    arena
        .script()
        .fault(
            Fault.error(403, Map.of("code", code, "message", "limit reached"))
                .times(1 + random.nextInt(3)));
  }

  private static Slot any(Arena arena, Random random) {
    return arena.slots.get(random.nextInt(arena.slots.size()));
  }

  private static Failpoint anyPoint(Random random) {
    return Failpoint.values()[random.nextInt(Failpoint.values().length)];
  }

  private static void at(Arena arena, Random random, boolean kill) {
    Slot slot = any(arena, random);
    Stop stop = slot.arm(anyPoint(random));
    stop.whenReached(
        () -> {
          slot.strike(kill);
          stop.release();
        });
  }

  private static void lose(Arena arena, Random random) {
    Stop stop = any(arena, random).arm(anyPoint(random));
    stop.whenReached(stop::lose);
  }
}
