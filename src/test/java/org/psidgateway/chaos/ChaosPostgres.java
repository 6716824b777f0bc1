package org.psidgateway.chaos;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Signals;

/**
 * A PostgreSQL to be ill-treated. What it has committed outlives its being killed: it waits for the
 * log to be written, though not for the disk. It remembers when each transaction was committed.
 */
final class ChaosPostgres implements AutoCloseable {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private final int port = Pod.freePort();
  private final Path home = Path.of("target/chaos/postgres-" + port).toAbsolutePath();
  private EmbeddedPostgres server;
  private boolean dead;

  ChaosPostgres() {
    start();
  }

  int port() {
    return port;
  }

  /** Starts on the data there is; returns when it answers. */
  void start() {
    try {
      Files.createDirectories(home);
      Path log = home.resolve("log");
      server =
          EmbeddedPostgres.builder()
              .setPort(port)
              .setOverrideWorkingDirectory(Path.of("target/local/bin").toAbsolutePath().toFile())
              .setDataDirectory(home.resolve("data"))
              .setCleanDataDirectory(false)
              .setLocaleConfig("locale", "C")
              .setPGStartupWait(Duration.ofSeconds(60))
              .setOutputRedirector(Redirect.appendTo(log.toFile()))
              .setErrorRedirector(Redirect.appendTo(log.toFile()))
              .setServerConfig("timezone", "Asia/Kathmandu")
              .setServerConfig("track_commit_timestamp", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "off")
              .start();
      dead = false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a machine that goes down: no connection is said goodbye to, no buffer written. */
  void kill() {
    ProcessHandle postmaster = ProcessHandle.of(pid()).orElseThrow();
    List<ProcessHandle> backends = postmaster.descendants().toList();
    Signals.send("KILL", postmaster.pid());
    backends.forEach(backend -> Signals.send("KILL", backend.pid()));
    Awaitility.await()
        .until(() -> Stream.concat(Stream.of(postmaster), backends.stream()).noneMatch(this::runs));
    closeServer();
    dead = true;
  }

  void heal() {
    if (dead) {
      start();
    }
  }

  private boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().orElse("").contains("postgres");
  }

  private long pid() {
    try (Stream<String> lines = Files.lines(home.resolve("data").resolve("postmaster.pid"))) {
      return Long.parseLong(lines.findFirst().orElseThrow().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new database, migrated as the pods would. */
  Database newDatabase() {
    String name = "chaos_" + DATABASES.incrementAndGet();
    try (Connection connection = database("postgres").dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    Database database = database(name);
    Flyway.configure().dataSource(database.dataSource()).load().migrate();
    return database;
  }

  private Database database(String name) {
    return new Database("jdbc:postgresql://localhost:" + port + "/" + name, "postgres", "any");
  }

  private void closeServer() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closeServer();
  }
}
