package org.psidgateway.testing;

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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.psidgateway.testing.Backing.Database;

/** A PostgreSQL of a test's own, on a port that stays the same from start to start. */
public final class PostgresServer implements AutoCloseable {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private final PostgresBinaries binaries;
  private final Path home;
  private final Map<String, String> settings;
  private final boolean keep;
  private final int port = Pod.freePort();
  private EmbeddedPostgres server;

  /**
   * Starts on the data in {@code home}, which it creates if there is none.
   *
   * @param keep whether the data outlives the server, which may then be started again
   */
  public PostgresServer(
      PostgresBinaries binaries, Path home, boolean keep, Map<String, String> settings) {
    this.binaries = binaries;
    this.home = home.toAbsolutePath();
    this.keep = keep;
    this.settings = settings;
    start();
  }

  public int port() {
    return port;
  }

  /** Starts on the data there is; returns when it answers. */
  public void start() {
    try {
      Files.createDirectories(home);
      Redirect log = Redirect.appendTo(home.resolve("log").toFile());
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setPgBinaryResolver(binaries.resolver())
              .setPort(port)
              .setOverrideWorkingDirectory(Path.of("target/local/bin").toAbsolutePath().toFile())
              .setDataDirectory(data())
              .setCleanDataDirectory(!keep)
              .setLocaleConfig("locale", "C")
              .setPGStartupWait(Duration.ofSeconds(60))
              .setOutputRedirector(log)
              .setErrorRedirector(log)
              // Not everybody may write to Debian's folder for sockets.
              .setServerConfig("unix_socket_directories", "");
      settings.forEach(builder::setServerConfig);
      server = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a machine that goes down: no connection is said goodbye to, no buffer written. */
  public void kill() {
    List<ProcessHandle> all = processes();
    all.forEach(process -> Signals.send("KILL", process.pid()));
    Awaitility.await().until(() -> all.stream().noneMatch(PostgresServer::runs));
    close();
  }

  /** Its connections stay open, and nobody answers. */
  public void freeze() {
    processes().forEach(process -> Signals.send("STOP", process.pid()));
  }

  public void thaw() {
    processes().forEach(process -> Signals.send("CONT", process.pid()));
  }

  /** The postmaster first: no backend is missed that it starts meanwhile. */
  private List<ProcessHandle> processes() {
    ProcessHandle postmaster = ProcessHandle.of(pid()).orElseThrow();
    return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
  }

  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().orElse("").contains("postgres");
  }

  private long pid() {
    try (Stream<String> lines = Files.lines(data().resolve("postmaster.pid"))) {
      return Long.parseLong(lines.findFirst().orElseThrow().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path data() {
    return home.resolve("data");
  }

  /** A new database, migrated as a pod would; it has {@code settings} such as {@code jit=off}. */
  public Database newDatabase(String... settings) {
    Database database = emptyDatabase(settings);
    Backing.migrate(database.dataSource());
    return database;
  }

  /** As {@link #newDatabase}, left for a pod to migrate. */
  public Database emptyDatabase(String... settings) {
    String name = "database_" + DATABASES.incrementAndGet();
    try (Connection connection = database("postgres").dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
      for (String setting : settings) {
        statement.execute("alter database " + name + " set " + setting);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return database(name);
  }

  public Database database(String name) {
    return new Database("jdbc:postgresql://localhost:" + port + "/" + name, "postgres", "any");
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
