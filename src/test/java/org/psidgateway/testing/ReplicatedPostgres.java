package org.psidgateway.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.psidgateway.testing.Backing.Database;

/** A PostgreSQL and a streaming replica of it, both real; all tests of a JVM share them. */
public final class ReplicatedPostgres implements AutoCloseable {
  /** Who ill-treats it has it to itself. */
  public static final String LOCK = "replicated PostgreSQL";

  private static ReplicatedPostgres shared;

  private final Path home;
  private final int primaryPort = Pod.freePort();
  private final int replicaPort = Pod.freePort();
  private EmbeddedPostgres primary;
  private final EmbeddedPostgres replica;

  /** Whoever ill-treats it leaves it as it was. */
  public static synchronized ReplicatedPostgres shared() {
    if (shared == null) {
      shared = new ReplicatedPostgres();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  /** For a test that does not leave it as it was, such as one that promotes the replica. */
  public static ReplicatedPostgres own() {
    return new ReplicatedPostgres();
  }

  private ReplicatedPostgres() {
    try {
      home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "replicated-");
      primary = start("primary", primaryPort);
      Flyway.configure().dataSource(database().dataSource()).load().migrate();
      primary.close();
      copy(home.resolve("primary"), home.resolve("replica"));
      Files.writeString(home.resolve("replica/standby.signal"), "");
      Files.writeString(
          home.resolve("replica/postgresql.auto.conf"),
          "primary_conninfo = 'host=localhost port=" + primaryPort + " user=postgres'\n",
          StandardOpenOption.APPEND);
      primary = start("primary", primaryPort);
      replica = start("replica", replicaPort);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private EmbeddedPostgres start(String name, int port) throws IOException {
    Path log = home.resolve(name + ".log");
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setOverrideWorkingDirectory(Path.of("target/local/bin").toAbsolutePath().toFile())
        .setDataDirectory(home.resolve(name))
        .setCleanDataDirectory(false)
        .setLocaleConfig("locale", "C")
        .setPGStartupWait(Duration.ofSeconds(60))
        .setOutputRedirector(Redirect.appendTo(log.toFile()))
        .setErrorRedirector(Redirect.appendTo(log.toFile()))
        .setServerConfig("fsync", "off")
        .setServerConfig("synchronous_commit", "on")
        .start();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    // PostgreSQL insists on a directory that nobody else can read.
    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
  }

  public Database database() {
    return database(primaryPort);
  }

  public Database replica() {
    return database(replicaPort);
  }

  /** Another database of the same server, of the replica that is. */
  public Database otherOfReplica(String name) {
    return database(replicaPort, name);
  }

  private static Database database(int port) {
    return database(port, "postgres");
  }

  private static Database database(int port, String name) {
    return new Database("jdbc:postgresql://localhost:" + port + "/" + name, "postgres", "postgres");
  }

  /** Once it has all that the primary wrote, the replica becomes a primary of its own. */
  public void promoteReplica() {
    String written = text(database(), "select pg_current_wal_lsn()");
    Awaitility.await()
        .until(
            () ->
                text(replica(), "select pg_last_wal_replay_lsn() >= '" + written + "'::pg_lsn")
                    .equals("t"));
    execute(replica(), "select pg_promote()");
  }

  /** From now on, for connections that are open too. */
  public void makePrimaryReadOnly() {
    execute(database(), "alter system set default_transaction_read_only = on");
    execute(database(), "select pg_reload_conf()");
  }

  public int primaryPort() {
    return primaryPort;
  }

  public int replicaPort() {
    return replicaPort;
  }

  private static String text(Database database, String query) {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** By a connection of its own; {@code pg_wal_replay_pause()} makes a replica fall behind. */
  public static void execute(Database database, String sql) {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a machine that goes down. */
  public void killPrimary() {
    ProcessHandle postmaster = ProcessHandle.of(pid("primary")).orElseThrow();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    all.forEach(process -> Signals.send("KILL", process.pid()));
    Awaitility.await().until(() -> all.stream().noneMatch(ReplicatedPostgres::runs));
    close(primary);
  }

  /** On the data there is. */
  public void startPrimary() {
    try {
      primary = start("primary", primaryPort);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its connections stay open, and nobody answers. */
  public void freezeReplica() {
    signalReplica("STOP");
  }

  public void thawReplica() {
    signalReplica("CONT");
  }

  private void signalReplica(String name) {
    ProcessHandle postmaster = ProcessHandle.of(pid("replica")).orElseThrow();
    Stream.concat(Stream.of(postmaster), postmaster.descendants())
        .forEach(process -> Signals.send(name, process.pid()));
  }

  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().orElse("").contains("postgres");
  }

  private long pid(String name) {
    try (Stream<String> lines = Files.lines(home.resolve(name).resolve("postmaster.pid"))) {
      return Long.parseLong(lines.findFirst().orElseThrow().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(EmbeddedPostgres server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    close(replica);
    close(primary);
  }
}
