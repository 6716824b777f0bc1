package org.psidgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.simulator.Witness;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/**
 * What ID Matching costs, by the upstream's own log: operations and HTTP calls with and without
 * harvest, and how much of the allowed pace is used.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdMatchingBench {
  private static final int PEOPLE = Integer.getInteger("matching.people", 100_000);
  private static final int PAGES = 10;

  /** Each person is wanted on so many of the Pages. */
  private static final int WANTED_ON = 3;

  private static final int LIST = 5_000;
  private static final int BATCH = 50;
  private static final long FIRST = 1_000_000;

  private static final int PACE = Integer.getInteger("matching.pace", 20_000);
  private static final Duration PER = Duration.ofSeconds(10);
  private static final int PERIODS = 3;

  private final StringBuilder figures = new StringBuilder();

  @AfterAll
  void print() throws IOException {
    Files.writeString(Path.of("target", "id-matching-bench.txt"), figures);
    System.getLogger("bench").log(System.Logger.Level.INFO, () -> "\n" + figures);
  }

  @Test
  void withHarvest() {
    operations("with harvest", "true", PEOPLE);
  }

  @Test
  void withoutHarvest() {
    operations("without harvest", "false", PEOPLE * WANTED_ON);
  }

  private void operations(String name, String harvest, int expected) {
    try (SimulatedGraph graph = graph(PAGES);
        Pod pod = pod(graph, PAGES).with("gateway.upstream.harvest", harvest).start()) {
      long start = System.nanoTime();
      for (int page = 0; page < PAGES; page++) { // each Page's own system sends its list
        for (long[] list : lists(page)) {
          resolve(pod, pageId(page), list);
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      int operations = graph.witness().operations().size();
      int calls = graph.witness().calls().size();
      note(
          "%,d people on %d Pages, each wanted on %d of them, %s: %,d operations, %,d HTTP calls"
                  .formatted(PEOPLE, PAGES, WANTED_ON, name, operations, calls)
              + ", %.1f operations a call, %.0f s".formatted((double) operations / calls, seconds));
      assertThat(operations).isEqualTo(expected);
    }
  }

  /** The people wanted on this Page: person {@code i} on Pages i, i + 3 and i + 6, modulo 10. */
  private static List<long[]> lists(int page) {
    long[] people =
        LongStream.range(0, PEOPLE)
            .filter(i -> IntStream.range(0, WANTED_ON).anyMatch(k -> (i + 3 * k) % PAGES == page))
            .map(i -> FIRST + i)
            .toArray();
    List<long[]> lists = new ArrayList<>();
    for (int from = 0; from < people.length; from += LIST) {
      lists.add(LongStream.of(people).skip(from).limit(LIST).toArray());
    }
    return lists;
  }

  private static void resolve(Pod pod, long page, long[] list) {
    Gateway gateway = new Gateway(pod);
    Awaitility.await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> gateway.resolve(page, 30, list).mappings().size() == list.length);
  }

  @Test
  void paced() {
    try (SimulatedGraph graph = graph(2);
        Pod pod =
            pod(graph, 2)
                .with("gateway.pace.calls", Integer.toString(PACE))
                .with("gateway.pace.per", PER.toString())
                .start()) {
      Gateway gateway = new Gateway(pod);
      int lists = PACE * (PERIODS + 2) / LIST;
      List<CompletableFuture<Answer>> answers =
          IntStream.range(0, lists)
              .mapToObj(i -> Gateway.ids(FIRST + (long) i * LIST, LIST))
              .map(list -> gateway.resolveAsync(pageId(0), 0, list))
              .toList();
      answers.forEach(CompletableFuture::join);
      Awaitility.await().until(() -> graph.witness().operations().size() > PACE / 10);
      long from = System.nanoTime();
      long to = from + PER.multipliedBy(PERIODS).toNanos();
      Awaitility.await()
          .atMost(PER.multipliedBy(PERIODS + 1))
          .until(() -> System.nanoTime() - to >= 0);
      long operations =
          graph.witness().operations().stream()
              .mapToLong(Witness.Operation::arrivedNanos)
              .filter(at -> at - from >= 0 && at - to < 0)
              .count();
      long calls =
          graph.witness().calls().stream()
              .mapToLong(Witness.Call::arrivedNanos)
              .filter(at -> at - from >= 0 && at - to < 0)
              .count();
      note(
          "pace of %,d operations in %d s, over %d periods: %.1f %% of it used, batches %.1f %% full"
              .formatted(
                  PACE,
                  PER.toSeconds(),
                  PERIODS,
                  100.0 * operations / ((double) PACE * PERIODS),
                  100.0 * operations / ((double) calls * BATCH)));
      assertThat(graph.witness().mostOperations(PER)).isLessThanOrEqualTo(PACE);
    }
  }

  private static SimulatedGraph graph(int pages) {
    SimulatorScript script = new SimulatorScript("app-secret");
    for (int page = 0; page < pages; page++) {
      script.page(pageId(page), "token-of-" + pageId(page));
    }
    return SimulatedGraph.start(0, script, InstantSource.system());
  }

  private static Pod.Settings pod(SimulatedGraph graph, int pages) {
    Pod.Settings settings =
        new Pod.Settings(Backing.freshDatabase(), graph.baseUrl())
            .with("gateway.upstream.kind", "id-matching")
            .with("gateway.batch.max-queued", "1000000");
    for (int page = 0; page < pages; page++) {
      settings.with("gateway.pages.\"" + pageId(page) + "\".token", "token-of-" + pageId(page));
    }
    return settings;
  }

  private static long pageId(int page) {
    return 100L * (page + 1);
  }

  private void note(String figure) {
    figures.append(String.format(Locale.ROOT, "%s%n", figure));
  }
}
