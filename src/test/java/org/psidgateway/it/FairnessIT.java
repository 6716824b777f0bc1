package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.Witness;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/** Who goes before whom, by the order in which calls reach the upstream from two pods. */
class FairnessIT {
  private static final int LISTS = 50;

  @Test
  void underAFloodOfBackgroundLists_aSingleIdWaitsForACallOrTwo_andTheFloodIsDrained() {
    try (World world = new World()) {
      Pod.Settings settings =
          world.pod().with("gateway.pace.calls", "50").with("gateway.pace.per", "PT10S");
      try (Pod one = settings.start();
          Pod two = settings.start()) {
        Gateway first = new Gateway(one);
        Gateway second = new Gateway(two);
        for (int list = 0; list < LISTS; list++) {
          (list % 2 == 0 ? first : second)
              .resolveBody(list % 3 == 0 ? 200 : PAGE, 0, background(1_000 + list * 200L, 200))
              .join();
        }
        List<Integer> waits = new ArrayList<>();
        for (int id = 1; id <= 8; id++) {
          int before = world.witness().calls().size();
          Answer answer = (id % 2 == 0 ? first : second).resolve(PAGE, 10, id);
          assertThat(answer.mappings()).as(answer.text()).hasSize(1);
          waits.add(callsBefore(world.witness(), id) - before);
        }
        // Calls granted or under way as the id came along, of both pods, and no more than that.
        assertThat(waits).allSatisfy(calls -> assertThat(calls).isLessThanOrEqualTo(4));
        assertThat(world.witness().calls().size()).isLessThan(LISTS);

        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> world.witness().conversions() == LISTS * 200L + 8);
        assertThat(world.witness().maxTimesConverted()).isEqualTo(1);
        // Q6: the flood left in full calls.
        assertThat(fill(world.witness())).isGreaterThanOrEqualTo(0.98);
        world.assertAudit(first);
      }
    }
  }

  @Test
  void singleIdInTheSameLane_needNotWaitBehindAListOfThousands() {
    try (World world = new World()) {
      try (Pod pod =
          world.pod().with("gateway.pace.calls", "20").with("gateway.pace.per", "PT2S").start()) {
        Gateway gateway = new Gateway(pod);
        // Every permit is taken while the id is on its way to the queue, on a cold pod too.
        world.script().fault(SimulatedGraph.Fault.slow(3_000));
        CompletableFuture<Answer> list = gateway.resolveAsync(PAGE, 30, Gateway.ids(1_000, 2_000));
        Awaitility.await().until(() -> !world.witness().calls().isEmpty());
        int before = world.witness().calls().size();

        assertThat(gateway.resolve(PAGE, 10, 7).mappings()).hasSize(1);

        // Of ten: those that hold a permit by then, and what a cold pod on a slow machine lets by.
        assertThat(callsBefore(world.witness(), 7) - before).isLessThanOrEqualTo(6);
        assertThat(list.join().mappings()).hasSize(2_000);
      }
    }
  }

  private static int callsBefore(Witness witness, long asid) {
    List<Witness.Call> calls = witness.calls();
    for (int i = 0; i < calls.size(); i++) {
      if (Arrays.stream(calls.get(i).asked()).anyMatch(id -> id == asid)) {
        return i;
      }
    }
    throw new AssertionError("never asked");
  }

  private static double fill(Witness witness) {
    return witness.calls().stream()
            .filter(call -> call.asked().length > 1)
            .mapToInt(call -> call.asked().length)
            .average()
            .orElse(0)
        / 200;
  }

  private static String background(long from, int count) {
    return LongStream.range(from, from + count)
        .mapToObj(id -> "\"" + id + "\"")
        .collect(Collectors.joining(",", "{\"priority\":\"background\",\"asids\":[", "]}"));
  }
}
