package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Migrator;
import org.psidgateway.testing.Pod;

/**
 * Whatever was asked for is reached within half a minute, although every pod is killed at that very
 * moment: ten migrations a round, each with a schedule of its own. {@code -Dmigration.kills=20}
 * runs twenty rounds, {@code -Dmigration.seed=…} others than usual.
 */
class MigrationKillsIT {
  private static final int SEED = Integer.getInteger("migration.seed", 1);
  private static final int MIGRATIONS = 10;
  private static final int IDS = 3_000;
  private static final long FIRST = 4_700_000_000_000_000L;
  private static final Duration REACHED = Duration.ofSeconds(30);
  private static final Set<String> WORKING = Set.of("running", "canary", "completed");

  @Test
  void everyWishIsReached_thoughAllPodsAreKilledAtThatMoment() {
    rounds(1);
  }

  static void rounds(int count) {
    for (int round = 0; round < count; round++) {
      round(new Random(SEED * 1_000L + round), "seed " + SEED + ", round " + round);
    }
  }

  private static Pod.Settings pod(World world) {
    return world.pod().with("gateway.upstream.timeout", "PT2S");
  }

  private static void round(Random random, String name) {
    try (World world = new World();
        MigrationAudit audit = new MigrationAudit(world)) {
      world.script().fault(Fault.slow(50 + random.nextInt(300)));
      List<String> ids = new ArrayList<>();
      Map<String, String> wanted = new TreeMap<>();
      try (Pod first = pod(world).start()) {
        Migrator migrator = new Migrator(first);
        for (int i = 0; i < MIGRATIONS; i++) {
          String list = Migrator.list(FIRST + 10_000L * i, IDS);
          String canary = random.nextInt(3) == 0 ? "canary_ids=300" : "";
          ids.add(
              migrator
                  .upload(random.nextBoolean() ? 100 : 200, "k" + i, canary, list)
                  .path("id")
                  .asText());
        }
        Awaitility.await().atMost(REACHED).until(() -> world.witness().calls().size() > 3);
        wishes(migrator, ids, wanted, random, 5 + random.nextInt(10));
        first.kill();
      }
      long killed = System.nanoTime();
      try (Pod second = pod(world).start()) {
        Migrator migrator = new Migrator(second);
        wanted.forEach(
            (id, wish) ->
                Awaitility.await(name + ": " + id + " " + wish)
                    .atMost(left(killed))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> reached(migrator.get(id), wish)));
        wishes(migrator, ids, wanted, random, 10);
        world.script().clearFaults();
        for (String id : ids) {
          finish(migrator, id);
        }
      }
      audit.assertCounted();
    }
  }

  private static Duration left(long since) {
    return REACHED.minusNanos(System.nanoTime() - since).plusSeconds(1);
  }

  /** What was asked for last, of each, as far as it was acknowledged. */
  private static void wishes(
      Migrator migrator, List<String> ids, Map<String, String> wanted, Random random, int count) {
    for (int i = 0; i < count; i++) {
      String id = ids.get(random.nextInt(ids.size()));
      String wish =
          switch (random.nextInt(5)) {
            case 0 -> "cancelled";
            case 1, 2 -> "running";
            default -> "paused";
          };
      try {
        Answer answer = migrator.want(id, wish);
        assertThat(answer.status()).as(answer.text()).isIn(200, 409);
        if (answer.status() == 200) {
          wanted.put(id, wish);
        }
      } catch (UncheckedIOException e) {
        return; // nobody knows
      }
    }
  }

  private static boolean reached(JsonNode migration, String wish) {
    String state = migration.path("state").asText();
    return wish.equals("running")
        ? WORKING.contains(state)
        : state.equals(wish) || wish.equals("paused") && state.equals("completed");
  }

  private static void finish(Migrator migrator, String id) {
    migrator.await(id, REACHED, "running", "canary", "paused", "completed", "cancelled");
    String state = migrator.get(id).path("state").asText();
    if (!Set.of("completed", "cancelled").contains(state)) {
      migrator.await(id, REACHED, "running", "paused", "canary", "completed");
      migrator.want(id, "running");
    }
    JsonNode end = migrator.await(id, REACHED.multipliedBy(2), "completed", "cancelled");
    assertThat(end.at("/counts/in_flight").asLong()).isZero();
    MigrationAudit.assertDiary(end);
  }
}
