package org.psidgateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.ManualTicker;
import org.psidgateway.testing.ReplicatedPostgres;

/** Which servers are taken for a replica. */
@ResourceLock(ReplicatedPostgres.LOCK)
class ReplicaWatchIT {
  private final ReplicatedPostgres postgres = ReplicatedPostgres.shared();
  private final ManualTicker ticker = new ManualTicker();
  private final ReplicaMeters meters = new ReplicaMeters(new SimpleMeterRegistry());

  @Test
  void replicaOfThisDatabase_isUsed_untilItIsTooFarBehind() {
    Replica replica = replica(postgres.replica());
    ReplicaWatch watch = watch(postgres.database(), replica);
    Awaitility.await()
        .until(
            () -> {
              look(watch);
              return replica.isUsable();
            });

    postgres.replica().sql().execute("select pg_wal_replay_pause()");
    try {
      for (int i = 0; i < 10; i++) {
        postgres.database().sql().execute("select pg_logical_emit_message(true, 'test', 'more')");
        ticker.advance(Duration.ofSeconds(1));
        look(watch);
        assertThat(replica.isUsable()).as("after %d s", i + 1).isEqualTo(i < 5);
      }
    } finally {
      postgres.replica().sql().execute("select pg_wal_replay_resume()");
    }
    Awaitility.await()
        .until(
            () -> {
              look(watch);
              return replica.isUsable();
            });
  }

  @Test
  void otherDatabaseOfTheSameServer_isNotTakenForAReplica() {
    postgres.database().sql().execute("drop database if exists other");
    postgres.database().sql().execute("create database other");
    Database other = postgres.otherOfReplica("other");
    Awaitility.await().ignoreExceptions().until(() -> connects(other));
    Replica replica = replica(other);
    ReplicaWatch watch = watch(postgres.database(), replica);
    for (int i = 0; i < 3; i++) {
      look(watch);
      assertThat(replica.isUsable()).isFalse();
    }
  }

  @Test
  void databaseItself_isNotTakenForAReplica() {
    Replica replica = replica(postgres.database());
    ReplicaWatch watch = watch(postgres.database(), replica);
    look(watch);
    look(watch);
    assertThat(replica.isUsable()).isFalse();
  }

  private static void look(ReplicaWatch watch) {
    watch.lookAtPrimary();
    watch.lookAtReplica();
  }

  private static boolean connects(Database database) throws java.sql.SQLException {
    database.dataSource().getConnection().close();
    return true;
  }

  private Replica replica(Database database) {
    return new Replica(database.dataSource(), meters, ticker);
  }

  private ReplicaWatch watch(Database database, Replica replica) {
    DataSource primary = database.dataSource();
    return new ReplicaWatch(primary, replica, meters, new Settings(), ticker);
  }

  private record Settings() implements ReplicaConfig {
    @Override
    public Optional<String> jdbcUrl() {
      return Optional.empty();
    }

    @Override
    public Optional<String> username() {
      return Optional.empty();
    }

    @Override
    public Optional<String> password() {
      return Optional.empty();
    }

    @Override
    public Duration maxLag() {
      return Duration.ofSeconds(5);
    }
  }
}
