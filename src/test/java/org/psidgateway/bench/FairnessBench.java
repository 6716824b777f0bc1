package org.psidgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/**
 * How long a single unknown id takes on two idle pods, and on two pods flooded by background lists.
 * The rounds alternate, so that both are measured on the same machine.
 */
class FairnessBench {
  private static final int ROUNDS = 4;
  private static final int SAMPLES = 40;
  private static final long PAGE = 100;

  private long fresh = 1;
  private long bulk = 1_000_000_000L;

  @Test
  void interactiveBesideBackground() {
    SimulatorScript script = new SimulatorScript("app-secret").page(PAGE, "token-of-100");
    try (SimulatedGraph upstream = SimulatedGraph.start(0, script, InstantSource.system())) {
      upstream.script().fault(SimulatedGraph.Fault.slow(250));
      Pod.Settings settings =
          new Pod.Settings(Backing.freshDatabase(), upstream.baseUrl())
              .with("gateway.pace.calls", "1200")
              .with("gateway.pace.per", "PT60S");
      try (Pod one = settings.start();
          Pod two = settings.start()) {
        List<Gateway> pods = List.of(new Gateway(one), new Gateway(two));
        List<Long> alone = new ArrayList<>();
        List<Long> beside = new ArrayList<>();
        ask(pods, 20); // warm
        for (int round = 0; round < ROUNDS; round++) {
          alone.addAll(ask(pods, SAMPLES));
          int before = upstream.witness().calls().size();
          flood(pods);
          beside.addAll(ask(pods, SAMPLES));
          int calls = upstream.witness().calls().size() - before;
          System.out.printf("round %d: %d calls beside the flood%n", round, calls);
          Awaitility.await()
              .atMost(Duration.ofMinutes(2))
              .until(() -> queued(one) + queued(two) == 0);
        }
        System.out.printf(
            "interactive, ms: alone p50 %d p95 %d; beside a flood p50 %d p95 %d; p95 ratio %.2f%n",
            at(alone, 50),
            at(alone, 95),
            at(beside, 50),
            at(beside, 95),
            (double) at(beside, 95) / at(alone, 95));
      }
    }
  }

  private List<Long> ask(List<Gateway> pods, int samples) {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      long start = System.nanoTime();
      Answer answer = pods.get(i % pods.size()).resolve(PAGE, 30, fresh++);
      millis.add((System.nanoTime() - start) / 1_000_000);
      assertThat(answer.mappings()).as(answer.text()).hasSize(1);
    }
    return millis;
  }

  /** More than the rounds' time can drain. */
  private void flood(List<Gateway> pods) {
    for (int list = 0; list < 30; list++) {
      long from = bulk;
      bulk += 2_000;
      String ids =
          LongStream.range(from, from + 2_000)
              .mapToObj(id -> "\"" + id + "\"")
              .collect(Collectors.joining(","));
      pods.get(list % pods.size())
          .resolveBody(PAGE, 0, "{\"priority\":\"background\",\"asids\":[" + ids + "]}")
          .join();
    }
  }

  private static long queued(Pod pod) {
    return new Gateway(pod)
        .metrics()
        .lines()
        .filter(line -> line.startsWith("gateway_batch_queued_ids "))
        .mapToLong(line -> (long) Double.parseDouble(line.split(" ")[1]))
        .sum();
  }

  private static long at(List<Long> values, int percent) {
    List<Long> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get((sorted.size() - 1) * percent / 100);
  }
}
