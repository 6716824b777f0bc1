package org.psidgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.psidgateway.testing.Backing.Database;

/** A PostgreSQL and a streaming replica of it, both real; all tests of a JVM share them. */
public final class ReplicatedPostgres implements AutoCloseable {
  /** A test that ill-treats it has it to itself. */
  public static final String LOCK = "replicated PostgreSQL";

  private static ReplicatedPostgres shared;

  private final PostgresServer primary;
  private final PostgresServer replica;

  /** A test that ill-treats it leaves it as it was. */
  public static synchronized ReplicatedPostgres shared() {
    if (shared == null) {
      shared = new ReplicatedPostgres();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  /** A pair of the test's own, to be closed: what was promoted is no replica any more. */
  public static ReplicatedPostgres own() {
    return new ReplicatedPostgres();
  }

  private ReplicatedPostgres() {
    try {
      Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "replicated-");
      primary = server(home.resolve("primary"));
      Backing.migrate(database().dataSource());
      primary.close();
      Path copied = home.resolve("replica/data");
      Files.createDirectories(copied.getParent());
      copy(home.resolve("primary/data"), copied);
      Files.writeString(copied.resolve("standby.signal"), "");
      Files.writeString(
          copied.resolve("postgresql.auto.conf"),
          "primary_conninfo = 'host=localhost port=" + primary.port() + " user=postgres'\n",
          StandardOpenOption.APPEND);
      primary.start();
      replica = server(home.resolve("replica"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PostgresServer server(Path home) {
    return new PostgresServer(
        PostgresBinaries.EMBEDDED, home, true, Map.of("fsync", "off", "synchronous_commit", "on"));
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
    return primary.database("postgres");
  }

  public Database replica() {
    return replica.database("postgres");
  }

  /** Another database of the same server, of the replica that is. */
  public Database otherOfReplica(String name) {
    return replica.database(name);
  }

  /** The replica takes over with all that the primary has written. */
  public void handOver() {
    Awaitility.await().until(this::isReplicated);
    promoteReplica();
  }

  /** From now on, for connections that are open too. */
  public void makePrimaryReadOnly() {
    database().sql().execute("alter system set default_transaction_read_only = on");
    database().sql().execute("select pg_reload_conf()");
  }

  public int primaryPort() {
    return primary.port();
  }

  public int replicaPort() {
    return replica.port();
  }

  /** As a machine that goes down. */
  public void killPrimary() {
    primary.kill();
  }

  /** On the data there is. */
  public void startPrimary() {
    primary.start();
  }

  /** What is written from now on never reaches the replica. */
  public void cutReplication() {
    replica().sql().execute("alter system set primary_conninfo = ''");
    replica().sql().execute("select pg_reload_conf()");
    Awaitility.await()
        .until(() -> replica().sql().number("select count(*) from pg_stat_wal_receiver") == 0);
  }

  /** The replica takes over with what it has. */
  public void promoteReplica() {
    replica().sql().execute("select pg_promote(true)");
  }

  /** Whether the replica has all that the primary has written. */
  public boolean isReplicated() {
    long written = database().sql().number("select pg_current_wal_lsn() - '0/0'");
    return replica().sql().number("select pg_last_wal_replay_lsn() - '0/0'") >= written;
  }

  /** Its connections stay open, and nobody answers. */
  public void freezeReplica() {
    replica.freeze();
  }

  public void thawReplica() {
    replica.thaw();
  }

  @Override
  public void close() {
    replica.close();
    primary.close();
  }
}
