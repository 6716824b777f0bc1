package org.psidgateway.chaos;

import java.time.Duration;
import java.util.List;
import org.psidgateway.testing.FaultyProxy.Way;

/** Redis fails in every way; pods keep next to nothing in memory, so that it matters. */
final class RedisScenarios {
  private RedisScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario(
            "redis frozen for 60 s",
            arena -> {
              arena.services.redis().freeze();
              arena.endure(60);
            }),
        new Scenario(
            "redis killed",
            arena -> {
              arena.services.redis().kill();
              arena.endure(5);
            }),
        flushed(),
        new Scenario(
            "redis restarted",
            arena -> {
              arena.services.redis().kill();
              arena.endure(1);
              arena.services.redis().heal();
              arena.endure(2);
            }),
        new Scenario(
            "redis link a black hole",
            arena -> {
              arena.slots.forEach(slot -> slot.redis.blackHole(Way.values()));
              arena.endure(8);
            }),
        new Scenario(
            "redis link reset again and again",
            arena -> {
              for (int i = 0; i < 10; i++) {
                arena.slots.forEach(slot -> slot.redis.reset());
                arena.endure(Duration.ofMillis(300));
              }
            }),
        new Scenario(
            "redis link slow",
            arena -> {
              arena.slots.forEach(slot -> slot.redis.delay(Duration.ofMillis(200)));
              arena.endure(5);
            }));
  }

  static Scenario flushed() {
    return new Scenario(
        "redis flushed",
        arena -> {
          for (int i = 0; i < 5; i++) {
            arena.services.redis().flush();
            arena.endure(Duration.ofMillis(500));
          }
        });
  }
}
