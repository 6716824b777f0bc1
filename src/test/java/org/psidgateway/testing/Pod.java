package org.psidgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The packaged application in a process of its own, as an operator would start it. */
public final class Pod implements AutoCloseable {
  public static final String KEY = "a-callers-key";
  public static final String KEY_SHA256 = Settings.sha256(KEY);
  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
  private static final Path LOGS = Path.of("target/pods");
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final int port;
  private final int managementPort;
  private final Path log;

  private Pod(Process process, int port, int managementPort, Path log) {
    this.process = process;
    this.port = port;
    this.managementPort = managementPort;
    this.log = log;
  }

  /** How a start ended that failed. */
  public record Failure(int exitCode, String log) {}

  /** What a pod is started with. */
  public static final class Settings {
    private final Map<String, String> properties = new LinkedHashMap<>();
    private Path jar = JAR;
    private String heap = "512m";
    private final Map<String, String> variables = new LinkedHashMap<>();

    public Settings(Backing.Database database, String upstream) {
      with("quarkus.datasource.jdbc.url", database.jdbcUrl());
      with("quarkus.datasource.username", database.user());
      with("quarkus.datasource.password", database.password());
      with("gateway.upstream.base-url", upstream);
      with("gateway.app.id", "1");
      with("gateway.app.secret", "app-secret");
      with("gateway.secrets.key", Base64.getEncoder().encodeToString(new byte[32]));
      with("gateway.callers.tests.key-sha256", KEY_SHA256);
      with("gateway.callers.tests.roles", "read,convert,import,export,migrate,admin,privacy");
      with("gateway.pages.\"100\".token", "token-of-100");
      with("gateway.pages.\"200\".token", "token-of-200");
      with("gateway.pace.calls", "0");
      with("gateway.batch.linger", "PT0.02S");
      with("quarkus.shutdown.delay", "PT0.1S");
    }

    public Settings with(String key, String value) {
      properties.put(key, value);
      return this;
    }

    public Settings without(String key) {
      properties.remove(key);
      return this;
    }

    /** By the environment rather than by a property. */
    public Settings withVariable(String name, String value) {
      variables.put(name, value);
      return this;
    }

    public Settings withDatabase(String url) {
      return with("quarkus.datasource.jdbc.url", url);
    }

    public Settings withRedis(int port) {
      with("gateway.cache.redis.enabled", "true");
      return with("quarkus.redis.hosts", "redis://localhost:" + port);
    }

    /** As {@code -Xmx} takes it. */
    public Settings withHeap(String most) {
      heap = most;
      return this;
    }

    /** A package other than the one just built. */
    public Settings withJar(Path other) {
      jar = other;
      return this;
    }

    public Pod start() {
      // Another package has other classes.
      return jar.equals(JAR) ? start(ClassArchive.flag(JAR)) : start(new String[0]);
    }

    Pod start(String... flags) {
      return Pod.start(List.of(), hasty(flags), this);
    }

    /**
     * What a start says that has to fail: it is left alone until the process has ended, since a
     * connection that comes while a server closes is logged by the framework. Null if it has not
     * ended by itself within 60 s.
     */
    public @Nullable Failure fail() {
      Pod pod = Pod.launch(List.of(), hasty(ClassArchive.flag(JAR)), this);
      try {
        return pod.process.waitFor(60, TimeUnit.SECONDS)
            ? new Failure(pod.process.exitValue(), pod.log())
            : null;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      } finally {
        pod.close();
      }
    }

    /** Starts with half the work; nothing is timed here. */
    private static List<String> hasty(String... flags) {
      List<String> all = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
      all.addAll(List.of(flags));
      return all;
    }

    /** On one core, with every optimisation, to be measured; -Dpod.flags adds flags of the JVM. */
    public Pod startOn(String core) {
      String flags = System.getProperty("pod.flags", "");
      return Pod.start(
          List.of("taskset", "-c", core),
          flags.isEmpty() ? List.of() : List.of(flags.split(" ", -1)),
          this);
    }

    private static String sha256(String key) {
      try {
        return java.util.HexFormat.of()
            .formatHex(
                java.security.MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      } catch (java.security.NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Starts and waits until it is ready. */
  private static Pod start(List<String> prefix, List<String> flags, Settings settings) {
    Pod pod = launch(prefix, flags, settings);
    Process process = pod.process;
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !process.isAlive() || pod.isReady());
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "the pod did not start, exit code " + process.exitValue() + ":\n" + pod.log());
    }
    return pod;
  }

  private static Pod launch(List<String> prefix, List<String> flags, Settings settings) {
    try {
      Files.createDirectories(LOGS);
      int port = freePort();
      int managementPort = freePort();
      Path log = Files.createTempFile(LOGS, "pod-", ".log");
      List<String> command = new ArrayList<>(prefix);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Xmx" + settings.heap);
      command.addAll(flags);
      command.add("-Dquarkus.http.port=" + port);
      command.add("-Dquarkus.management.port=" + managementPort);
      settings.properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
      command.add("-jar");
      command.add(settings.jar.toString());
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(settings.variables);
      return new Pod(builder.start(), port, managementPort, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Given to nobody else, and below the ports of outgoing connections: one of those would now and
   * then be taken before the server is up.
   */
  public static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (GIVEN.add(port) && isFree(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  public URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  public URI managementUri(String path) {
    return URI.create("http://localhost:" + managementPort + path);
  }

  public boolean isReady() {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(managementUri("/q/health/ready"))
              .timeout(Duration.ofSeconds(2))
              .build();
      return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  public long pid() {
    return process.pid();
  }

  /** As SIGKILL does: nothing is flushed, and nobody is notified. */
  public void kill() {
    process.destroyForcibly();
    waitForEnd();
  }

  /** As SIGSTOP does: its sockets stay open, its locks stay taken, its clock goes on. */
  public void freeze() {
    Signals.send("STOP", pid());
  }

  public void thaw() {
    Signals.send("CONT", pid());
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** As Kubernetes does: SIGTERM, and nobody waits here. */
  public void terminate() {
    process.destroy();
  }

  /** How long the process took to end by itself, from now on; 40 s at most. */
  public java.time.Duration awaitEnd() {
    long start = System.nanoTime();
    waitForEnd();
    return java.time.Duration.ofNanos(System.nanoTime() - start);
  }

  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As SIGTERM does. */
  @Override
  public void close() {
    process.destroy();
    waitForEnd();
  }

  private void waitForEnd() {
    try {
      if (!process.waitFor(40, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
