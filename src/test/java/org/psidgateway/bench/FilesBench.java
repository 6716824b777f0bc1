package org.psidgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Sql;

/**
 * The figures of docs/scale.md on files: rows a second in and out, memory, and bytes a mapping, by
 * the length of the file. The pod, PostgreSQL and the client share the machine.
 */
class FilesBench {
  private static final List<Integer> SIZES =
      Stream.of(System.getProperty("files.sizes", "10000,100000,1000000,5000000").split(",", -1))
          .map(Integer::valueOf)
          .toList();

  private static final Duration SETTLED = Duration.ofSeconds(11);
  private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

  private final Backing.Database database = Backing.freshDatabase();
  private final Sql sql = new Sql(database.dataSource());
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final StringBuilder figures =
      new StringBuilder(
          "rows | staged/s | merged/s | in/s | out/s | out, gzip/s | live memory in, out, MiB above idle"
              + " | bytes a mapping\n");

  @Test
  void rowsASecond_memory_andBytes() throws Exception {
    try (Pod pod =
        new Pod.Settings(database, "http://localhost:1").withHeap("512m").startOn("0-1")) {
      warmUp(pod);
      long idle = live(pod);
      for (int i = 0; i < SIZES.size(); i++) {
        measure(pod, 1_000 + i, SIZES.get(i), idle);
      }
    }
    Files.writeString(Path.of("target", "files-bench.txt"), figures);
    System.getLogger("bench").log(System.Logger.Level.INFO, () -> "\n" + figures);
  }

  /** Of lists of 200 known ids, one after the other: from the pod's memory, and from PostgreSQL. */
  @Test
  void lookUps_besideAnImport() throws Exception {
    for (String entries : new String[] {"1000000", "0"}) {
      try (Pod pod =
          new Pod.Settings(database, "http://localhost:1")
              .withHeap("512m")
              .with("gateway.cache.l1.max-entries", entries)
              .startOn("0-1")) {
        int page = 2_000 + entries.length();
        register(pod, page);
        Path known = file(100_000, page);
        bring(pod, page, known);
        List<long[]> lists = lists(known);
        Path file = file(1_000_000, page + 10);
        register(pod, page + 10);
        median(pod, page, lists, CompletableFuture.completedFuture(null));
        double alone = median(pod, page, lists, CompletableFuture.completedFuture(null));
        CompletableFuture<Object> importing =
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return bring(pod, page + 10, file);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });
        double beside = median(pod, page, lists, importing);
        importing.join();
        double again = median(pod, page, lists, CompletableFuture.completedFuture(null));
        String line =
            String.format(
                Locale.ROOT,
                "L1 of %s: median of a list %.2f ms alone, %.2f ms beside an import, %.2f ms again%n",
                entries,
                alone,
                beside,
                again);
        Files.writeString(
            Path.of("target", "files-bench-look-ups.txt"),
            line,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
        System.getLogger("bench").log(System.Logger.Level.INFO, line);
        Files.delete(known);
        Files.delete(file);
      }
    }
  }

  private static List<long[]> lists(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      long[] ids = lines.skip(1).mapToLong(line -> Long.parseLong(line.split(",", 2)[0])).toArray();
      return IntStream.range(0, ids.length / 200)
          .mapToObj(i -> Arrays.copyOfRange(ids, i * 200, (i + 1) * 200))
          .toList();
    }
  }

  /** In milliseconds: of 3 000 lists, or of as many as pass while something else goes on. */
  private static double median(
      Pod pod, int page, List<long[]> lists, CompletableFuture<Object> beside) {
    Gateway gateway = new Gateway(pod).overHttp1();
    boolean alone = beside.isDone();
    List<Long> times = new ArrayList<>();
    for (int i = 0; alone ? i < 3_000 : !beside.isDone(); i++) {
      long begun = System.nanoTime();
      assertThat(gateway.resolve(page, 5, lists.get(i % lists.size())).mappings()).hasSize(200);
      times.add(System.nanoTime() - begun);
    }
    Collections.sort(times);
    return times.get(times.size() / 2) / 1e6;
  }

  private void warmUp(Pod pod) throws Exception {
    for (int i = 0; i < 3; i++) {
      Path file = file(200_000, 900 + i);
      register(pod, 900 + i);
      bring(pod, 900 + i, file);
      Files.delete(file);
    }
    take(pod, 900, false);
  }

  private void measure(Pod pod, int page, int rows, long idle) throws Exception {
    Path file = file(rows, page);
    register(pod, page);
    long bytes = mappingBytes();
    double staged = seconds(pod, "read");
    double merged = seconds(pod, "merge");
    long begun = System.nanoTime();
    assertThat(bring(pod, page, file)).contains("\"imported\":" + rows + ",");
    double in = (System.nanoTime() - begun) / 1e9;
    staged = seconds(pod, "read") - staged;
    merged = seconds(pod, "merge") - merged;
    bytes = mappingBytes() - bytes;
    Awaitility.await().pollDelay(SETTLED).atMost(SETTLED.multipliedBy(2)).until(() -> true);
    double out = timed(() -> assertThat(take(pod, page, false)).isEqualTo(rows));
    double gzipped = timed(() -> take(pod, page, true));
    long liveIn = peak(pod, () -> bring(pod, page, file)) - idle;
    long liveOut = peak(pod, () -> take(pod, page, false)) - idle;
    figures.append(
        String.format(
            Locale.ROOT,
            "%d | %.0f | %.0f | %.0f | %.0f | %.0f | %d, %d | %d%n",
            rows,
            rows / staged,
            rows / merged,
            rows / in,
            rows / out,
            rows / gzipped,
            liveIn >> 20,
            liveOut >> 20,
            bytes / rows));
    Files.delete(file);
  }

  private interface Work {
    Object run() throws Exception;
  }

  private static double timed(Work work) throws Exception {
    long begun = System.nanoTime();
    work.run();
    return (System.nanoTime() - begun) / 1e9;
  }

  /** The most that is in use while something is under way, garbage apart. */
  private static long peak(Pod pod, Work work) {
    CompletableFuture<Object> done =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return work.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    long peak = 0;
    while (!done.isDone()) {
      peak = Math.max(peak, live(pod));
    }
    done.join();
    return peak;
  }

  private static long live(Pod pod) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String pid = Long.toString(pod.pid());
    Matcher total = TOTAL.matcher(run(jcmd, pid, "GC.class_histogram"));
    assertThat(total.find()).isTrue();
    return Long.parseLong(total.group(1));
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(int rows, int page) throws IOException {
    Path file = Path.of("target", "files-bench-" + page + ".csv");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("asid,psid\n");
      for (long i = 0; i < rows; i++) {
        long id = 1_000_000 + (mix(i + page * 10_000_000L) & ((1L << 53) - 1));
        out.write(id + "," + (id + 7) + "\n");
      }
    }
    return file;
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  private void register(Pod pod, int page) throws IOException, InterruptedException {
    http.send(
        request(pod, "/v1/pages/" + page)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{}"))
            .build(),
        BodyHandlers.discarding());
  }

  private String bring(Pod pod, int page, Path file) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            request(pod, "/v1/pages/" + page + "/mappings/import")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofFile(file))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private int take(Pod pod, int page, boolean gzip) throws IOException, InterruptedException {
    Path file = Path.of("target", "files-bench-out");
    HttpRequest.Builder request =
        request(pod, "/v1/pages/" + page + "/mappings").header("Accept", "text/csv");
    if (gzip) {
      request.header("Accept-Encoding", "gzip");
    }
    HttpResponse<Path> answer = http.send(request.build(), BodyHandlers.ofFile(file));
    assertThat(answer.statusCode()).isEqualTo(200);
    int rows = 0;
    if (!gzip) {
      try (Stream<String> lines = Files.lines(file)) {
        rows = (int) lines.count() - 2;
      }
    }
    Files.delete(file);
    return rows;
  }

  private static HttpRequest.Builder request(Pod pod, String path) {
    return HttpRequest.newBuilder(pod.uri(path)).header("Authorization", "Bearer " + Pod.KEY);
  }

  private static double seconds(Pod pod, String step) {
    String meter = "gateway_import_duration_seconds_sum{step=\"" + step + "\"} ";
    return new Gateway(pod)
        .metrics()
        .lines()
        .filter(line -> line.startsWith(meter))
        .mapToDouble(line -> Double.parseDouble(line.substring(meter.length())))
        .findFirst()
        .orElseThrow();
  }

  private long mappingBytes() {
    return sql.number(
        "select sum(pg_total_relation_size(inhrelid))::bigint from pg_inherits"
            + " where inhparent = 'mapping'::regclass");
  }
}
