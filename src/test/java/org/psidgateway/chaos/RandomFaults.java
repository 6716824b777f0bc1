package org.psidgateway.chaos;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.psidgateway.chaos.Strikes.Strike;

/**
 * Faults drawn by chance, in rounds: one of a service and perhaps one of a pod at once, then all is
 * healed. The seed decides what strikes and for how long, not how threads interleave.
 */
final class RandomFaults {
  private static final System.Logger LOG = System.getLogger("chaos");

  private RandomFaults() {}

  static Scenario of(long seed, Duration time) {
    return new Scenario("random faults, seed " + seed, arena -> play(arena, seed, time))
        .recoversWithin(Duration.ofSeconds(45)); // throttles in a row double the cooldown
  }

  private static void play(Arena arena, long seed, Duration time) {
    Random random = new Random(seed);
    long end = System.nanoTime() + time.toNanos();
    for (int round = 1; System.nanoTime() - end < 0; round++) {
      Strike ofService = draw(Strikes.OF_SERVICES, random);
      Strike ofPod = draw(Strikes.OF_PODS, random);
      Duration lasts = Duration.ofMillis(500 + random.nextInt(6_000));
      Duration pause = Duration.ofMillis(300 + random.nextInt(1_500));
      LOG.log(
          Level.INFO,
          "seed %d, round %d: %s, %s, for %s"
              .formatted(seed, round, ofService.name(), ofPod.name(), lasts));
      arena.traffic
          .warm(); // what was lost of the caches in a round is not to be missed in the next
      ofService.blow().at(arena, random);
      ofPod.blow().at(arena, random);
      arena.endure(lasts);
      arena.heal();
      arena.endure(pause);
    }
  }

  private static Strike draw(List<Strike> strikes, Random random) {
    return strikes.get(random.nextInt(strikes.size()));
  }
}
