package org.psidgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Pod;

/**
 * A gateway, started by a command line of one's choice beside a database and an upstream of its
 * own, and its ordinary work. As a program it does that once and ends the gateway by SIGTERM, so
 * that a JVM with the right flags records what it needs for the next start.
 *
 * <pre>Rehearsal DIRECTORY java -XX:AOTCacheOutput=app.aot -jar quarkus-run.jar</pre>
 */
public final class Rehearsal implements AutoCloseable {
  private static final int REQUESTS = Integer.getInteger("rehearsal.requests", 3_000);
  private static final int AT_ONCE = 8;
  private static final int LIST = 20;
  private static final int IDS = 10_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final SimulatedGraph upstream =
      SimulatedGraph.start(
          0, new SimulatorScript("app-secret").page(100, "token-of-100"), InstantSource.system());
  private final Process process;
  private final int port;
  private final int managementPort;
  private final Duration untilReady;

  private Rehearsal(Path directory, List<String> command) throws IOException {
    Backing.Database database = Backing.freshDatabase();
    port = Pod.freePort();
    managementPort = Pod.freePort();
    Path log = Files.createTempFile("rehearsal-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.ofEntries(
                Map.entry("QUARKUS_HTTP_PORT", "" + port),
                Map.entry("QUARKUS_MANAGEMENT_PORT", "" + managementPort),
                Map.entry("QUARKUS_SHUTDOWN_DELAY", "PT0.1S"),
                Map.entry("QUARKUS_DATASOURCE_JDBC_URL", database.jdbcUrl()),
                Map.entry("QUARKUS_DATASOURCE_USERNAME", database.user()),
                Map.entry("QUARKUS_DATASOURCE_PASSWORD", database.password()),
                Map.entry("GATEWAY_UPSTREAM_BASE_URL", upstream.baseUrl()),
                Map.entry("GATEWAY_APP_ID", "1"),
                Map.entry("GATEWAY_APP_SECRET", "app-secret"),
                Map.entry("GATEWAY_SECRETS_KEY", "A".repeat(43) + "="),
                Map.entry("GATEWAY_PACE_CALLS", "0"),
                Map.entry("GATEWAY_PAGES__100__TOKEN", "token-of-100"),
                Map.entry("GATEWAY_CALLERS__REHEARSAL__KEY_SHA256", Pod.KEY_SHA256),
                Map.entry("GATEWAY_CALLERS__REHEARSAL__ROLES", "read,convert,export,admin")));
    long start = System.nanoTime();
    process = builder.start();
    try {
      while (!isReady()) {
        if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
          throw new IllegalStateException("it did not start:\n" + Files.readString(log));
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    } catch (RuntimeException e) {
      process.destroyForcibly();
      upstream.close();
      throw e;
    }
    untilReady = Duration.ofNanos(System.nanoTime() - start);
  }

  static void rehearse(Path directory, List<String> command) throws IOException {
    try (Rehearsal rehearsal = start(directory, command)) {
      rehearsal.work(REQUESTS);
      System.out.printf(
          "ready after %d ms; %d MiB resident after %d requests%n",
          rehearsal.untilReady().toMillis(), rehearsal.residentKib() / 1024, REQUESTS);
    }
  }

  /** Returns once it is ready. */
  static Rehearsal start(Path directory, List<String> command) throws IOException {
    return new Rehearsal(directory, command);
  }

  /** From starting the process to the first green answer of the readiness probe. */
  Duration untilReady() {
    return untilReady;
  }

  /** The resident memory of the process, in KiB; Linux only. */
  long residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Lists that are converted the first time and known from then on, single ids, and now and then
   * the rest of the API.
   */
  void work(int requests) {
    List<CompletableFuture<Integer>> underWay = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      if (underWay.size() == AT_ONCE) {
        expectSuccess(underWay);
      }
      underWay.add(
          http.sendAsync(request(i), BodyHandlers.discarding())
              .thenApply(HttpResponse::statusCode));
    }
    expectSuccess(underWay);
  }

  /** Ends it as Kubernetes does, and waits for that. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("it did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
      upstream.close();
    }
  }

  private HttpRequest request(int i) {
    if (i % 100 == 99) {
      return to(managementPort, "/q/metrics").build();
    }
    if (i % 100 == 49) {
      return to(port, List.of("/v1/pages/100", "/v1/quota", "/v1/window").get(i / 100 % 3)).build();
    }
    long first = 1_000_001L + (long) i * LIST % IDS;
    if (i % 2 == 1 && i > IDS / LIST) {
      return to(port, "/v1/pages/100/mappings/" + first).build();
    }
    String ids =
        LongStream.range(first, first + LIST)
            .mapToObj(id -> "\"" + id + "\"")
            .collect(Collectors.joining(","));
    return to(port, "/v1/pages/100/mappings/resolve")
        .header("Content-Type", "application/json")
        .header("Prefer", "wait=20")
        .POST(BodyPublishers.ofString("{\"asids\":[" + ids + "]}"))
        .build();
  }

  private static HttpRequest.Builder to(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Authorization", "Bearer " + Pod.KEY)
        .timeout(PATIENCE);
  }

  private static void expectSuccess(List<CompletableFuture<Integer>> underWay) {
    for (CompletableFuture<Integer> answer : underWay) {
      if (answer.join() != 200) {
        throw new IllegalStateException("answered " + answer.join());
      }
    }
    underWay.clear();
  }

  private boolean isReady() {
    try {
      return http.send(
                  to(managementPort, "/q/health/ready").timeout(Duration.ofSeconds(2)).build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public static void main(String... arguments) throws IOException {
    rehearse(Path.of(arguments[0]), List.of(arguments).subList(1, arguments.length));
    System.exit(0); // the database's threads would keep it alive
  }
}
