package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/** Two pods that share a database, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoPodsIT {
  private World world;
  private Pod one;
  private Pod two;

  Backing.Database database() {
    return Backing.freshDatabase();
  }

  @BeforeAll
  void start() {
    world = new World(database());
    Pod.Settings settings =
        world.pod().with("gateway.pace.calls", "40").with("gateway.pace.per", "PT2S");
    one = settings.start();
    two = settings.start();
  }

  @AfterAll
  void stop() {
    one.close();
    two.close();
    world.close();
  }

  @BeforeEach
  void reset() {
    world.script().clearFaults();
  }

  @Test
  void fourHundredCallersWithOverlappingLists_areAnswered_andNoIdIsAskedTwice() {
    world.script().fault(SimulatedGraph.Fault.slow(20));
    List<CompletableFuture<Answer>> callers =
        IntStream.range(0, 400)
            .mapToObj(
                caller ->
                    new Gateway(caller % 2 == 0 ? one : two)
                        .resolveAsync(PAGE, 30, Gateway.ids(1_000 + caller * 5L, 40)))
            .toList();

    Map<Long, Long> shown = new HashMap<>();
    for (CompletableFuture<Answer> caller : callers) {
      Answer answer = caller.join();
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(answer.mappings()).hasSize(40);
      shown.putAll(answer.mappings());
    }

    World.assertTrue(PAGE, shown);
    assertThat(shown).hasSize(399 * 5 + 40);
    assertThat(world.witness().maxTimesConverted()).isEqualTo(1);
    assertThat(world.witness().conversions()).isGreaterThanOrEqualTo(shown.size());
    world.assertAudit(new Gateway(one));
    world.assertPaceKept(40, Duration.ofSeconds(2));
  }

  @Test
  void samePersonOnTwoPages_hasTwoPsids() {
    assertThat(new Gateway(one).resolve(100, 10, 77).mappings())
        .containsEntry(77L, SimulatedGraph.psidOf(100, 77));
    assertThat(new Gateway(two).resolve(200, 10, 77).mappings())
        .containsEntry(77L, SimulatedGraph.psidOf(200, 77));
  }
}
