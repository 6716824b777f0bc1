package org.psidgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Migrator;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Sql;

/**
 * The figures of docs/scale.md on migrations: ids a second from the first byte of the upload to the
 * last answer, memory, and bytes a listed id, by the length of the list. The pod, PostgreSQL, the
 * simulator, which answers at once, and the client share the machine. One list of ten thousand goes
 * ahead, unmeasured.
 */
class MigrationBench {
  private static final List<Integer> SIZES =
      Stream.of(System.getProperty("migration.sizes", "10000,100000,1000000").split(",", -1))
          .map(Integer::valueOf)
          .toList();

  private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

  private final Backing.Database database = Backing.freshDatabase();
  private final Sql sql = new Sql(database.dataSource());
  private final StringBuilder figures =
      new StringBuilder(
          "ids | uploaded, s | compared, s | converted, s | ids/s end to end | ids/s converted | fill"
              + " | live memory above idle, MiB | bytes a listed id | original out, rows/s\n");

  @Test
  void idsASecond_memory_andBytes() throws Exception {
    try (SimulatedGraph upstream =
            SimulatedGraph.start(
                0,
                new SimulatorScript("app-secret").page(100, "token-of-100"),
                InstantSource.system());
        Pod pod =
            new Pod.Settings(database, upstream.baseUrl())
                .without("gateway.pages.\"200\".token")
                .with("gateway.quota.ceiling", "100000000")
                .with("gateway.migration.confirm-above", "100000000")
                .withHeap("512m")
                .startOn("0-1")) {
      Migrator migrator = new Migrator(pod);
      measure(migrator, pod, 10_000, -1, 0);
      figures.setLength(figures.indexOf("\n") + 1);
      long idle = live(pod);
      for (int i = 0; i < SIZES.size(); i++) {
        upstream.witness().reset();
        measure(migrator, pod, SIZES.get(i), i, idle);
        assertThat(upstream.witness().conversions()).isEqualTo((long) SIZES.get(i));
      }
    }
    Files.writeString(Path.of("target", "migration-bench.txt"), figures);
    System.getLogger("bench").log(System.Logger.Level.INFO, () -> "\n" + figures);
  }

  /** A page of a thousand migrations of five million ids each, and one of a hundred. */
  @Test
  void listingOfAThousand() throws Exception {
    try (Pod pod = new Pod.Settings(database, "http://localhost:1").startOn("0-1")) {
      sql.execute(
          "insert into migration (id, list_no, page_id, created_by, created_at, finished_at, desired, state,"
              + " format, width, received, malformed, distinct_ids, mapped)"
              + " select gen_random_uuid(), i, 100, 'crm', now(), now(), 'running', 'completed', 'csv', 3,"
              + " 5000000, 0, 5000000, 5000000 from generate_series(1, 1000) i");
      Gateway gateway = new Gateway(pod);
      for (int limit : new int[] {100, 1_000}) {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
          long begun = System.nanoTime();
          assertThat(gateway.get("/v1/migrations?limit=" + limit).body().path("items"))
              .hasSize(limit);
          times.add(System.nanoTime() - begun);
        }
        List<Long> warm = times.subList(300, 600).stream().sorted().toList();
        String line =
            String.format(
                Locale.ROOT,
                "GET /v1/migrations?limit=%d of 1000: median %.1f ms, p99 %.1f ms%n",
                limit,
                warm.get(150) / 1e6,
                warm.get(296) / 1e6);
        Files.writeString(
            Path.of("target", "migration-bench-listing.txt"),
            line,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
        System.getLogger("bench").log(System.Logger.Level.INFO, line);
      }
    }
  }

  private void measure(Migrator migrator, Pod pod, int ids, int number, long idle)
      throws Exception {
    Path file = file(ids, number);
    Instant begun = Instant.now();
    Answer answer =
        migrator.uploading(100, "list-" + number, "", "text/plain", BodyPublishers.ofFile(file));
    Instant uploaded = Instant.now();
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    String id = answer.body().path("id").asText();
    CompletableFuture<JsonNode> done =
        CompletableFuture.supplyAsync(() -> migrator.await(id, Duration.ofHours(2), "completed"));
    long peak = 0;
    while (!done.isDone()) {
      peak = Math.max(peak, live(pod));
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  done.isDone() || Duration.between(begun, Instant.now()).toMillis() % 5_000 < 200);
    }
    JsonNode migration = done.join();
    assertThat(migration.at("/counts/mapped").asLong()).isEqualTo(ids);
    Instant started = Instant.parse(migration.path("started_at").asText());
    Instant finished = Instant.parse(migration.path("finished_at").asText());
    long before = System.nanoTime();
    assertThat(migrator.file(id, "original")).hasSize(ids + 1);
    double out = (System.nanoTime() - before) / 1e9;
    figures.append(
        String.format(
            Locale.ROOT,
            "%d | %.1f | %.1f | %.1f | %.0f | %.0f | %.3f | %d | %d | %.0f%n",
            ids,
            seconds(begun, uploaded),
            seconds(uploaded, started),
            seconds(started, finished),
            ids / seconds(begun, finished),
            ids / seconds(started, finished),
            migration.at("/bill/fill").asDouble(),
            peak - idle >> 20,
            listBytes() / ids,
            ids / out));
    Files.delete(file);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }

  private static long live(Pod pod) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          new ProcessBuilder(jcmd, Long.toString(pod.pid()), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher total = TOTAL.matcher(text);
      assertThat(total.find()).isTrue();
      return Long.parseLong(total.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(int rows, int number) throws IOException {
    Path file = Path.of("target", "migration-bench-" + number + ".txt");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (long i = 0; i < rows; i++) {
        out.write(1_000_000 + (mix(i + (number + 1) * 10_000_000L) & ((1L << 53) - 1)) + "\n");
      }
    }
    return file;
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  private long listBytes() {
    return sql.number(
        "select sum(pg_total_relation_size(oid))::bigint from pg_class where relkind = 'r' and relname like"
            + " 'list_' || (select max(no) from list) || '_%'");
  }
}
