package org.psidgateway.chaos;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.ForeignPostgres;
import org.psidgateway.testing.PostgresBinaries;
import org.psidgateway.testing.PostgresServer;

/**
 * A PostgreSQL to be ill-treated. What it has committed outlives its being killed: it waits for the
 * log to be written, though not for the disk. It remembers when each transaction was committed.
 */
final class ChaosPostgres implements AutoCloseable {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "timezone", "Asia/Kathmandu",
          "track_commit_timestamp", "on",
          "synchronous_commit", "on",
          "full_page_writes", "off");

  private final PostgresBinaries binaries;
  private final PostgresServer server;
  private boolean dead;

  ChaosPostgres(PostgresBinaries binaries) {
    this.binaries = binaries;
    server =
        new PostgresServer(
            binaries, Path.of("target/chaos/postgres-" + UUID.randomUUID()), true, SETTINGS);
  }

  int port() {
    return server.port();
  }

  /** As a machine that goes down: no connection is said goodbye to, no buffer written. */
  void kill() {
    server.kill();
    dead = true;
  }

  void heal() {
    if (dead) {
      server.start();
      dead = false;
    }
  }

  /** A new database, migrated as the pods would; what has a JIT is eager to use it. */
  Database newDatabase() {
    return binaries == PostgresBinaries.FOREIGN
        ? server.newDatabase(ForeignPostgres.EAGER_JIT)
        : server.newDatabase();
  }

  @Override
  public void close() {
    server.close();
  }
}
