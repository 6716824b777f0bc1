package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.ReplicatedPostgres;
import org.psidgateway.testing.Runbook;

/** Look-ups with a streaming replica that works, lags, hangs, and outlives its database. */
@ResourceLock(ReplicatedPostgres.LOCK)
class ReplicaIT {
  private static final World WORLD = new World();
  private static final ReplicatedPostgres POSTGRES = ReplicatedPostgres.shared();
  private static Pod pod;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    pod =
        new Pod.Settings(POSTGRES.database(), WORLD.upstream.baseUrl())
            .with("gateway.cache.l1.max-entries", "0") // every look-up goes as far as it can
            .with("gateway.store.replica.jdbc-url", POSTGRES.replica().jdbcUrl())
            .with("gateway.store.replica.max-lag", "PT2S")
            .start();
    gateway = new Gateway(pod);
  }

  @AfterAll
  static void stop() {
    pod.close();
    WORLD.close();
  }

  @Test
  void whatTheReplicaKnows_isNotAskedOfTheDatabase() {
    assertThat(gateway.resolve(PAGE, 10, 1, 2, 3).mappings()).hasSize(3);
    awaitUsable(1);
    Awaitility.await()
        .untilAsserted(
            () -> {
              double before = hits();
              assertThat(gateway.resolve(PAGE, 0, 1, 2, 3).mappings()).hasSize(3);
              assertThat(gateway.get("/v1/pages/100/mappings/1").status()).isEqualTo(200);
              assertThat(hits()).isEqualTo(before + 4);
            });
  }

  @Test
  void whatTheReplicaLacks_isKnownAllTheSame_andOneTooFarBehindIsLeftAlone() {
    awaitUsable(1);
    POSTGRES.replica().sql().execute("select pg_wal_replay_pause()");
    int calls = WORLD.witness().calls().size();
    assertThat(gateway.resolve(PAGE, 10, 11, 12).mappings()).hasSize(2);
    assertThat(gateway.resolve(PAGE, 0, 11, 12).mappings()).hasSize(2);
    assertThat(gateway.get("/v1/pages/100/mappings/11").status()).isEqualTo(200);
    assertThat(WORLD.witness().calls()).hasSize(calls + 1);

    awaitUsable(0);
    POSTGRES.replica().sql().execute("select pg_wal_replay_resume()");
    awaitUsable(1);
  }

  @Test
  void replicaThatHangs_costsNobodyTheAnswer() {
    assertThat(gateway.resolve(PAGE, 10, 21, 22).mappings()).hasSize(2);
    awaitUsable(1);
    POSTGRES.freezeReplica();
    try {
      for (int i = 0; i < 20; i++) {
        Answer answer = gateway.resolve(PAGE, 0, 21, 22);
        assertThat(answer.mappings()).hasSize(2);
      }
      awaitUsable(0);
    } finally {
      POSTGRES.thawReplica();
    }
    awaitUsable(1);
    assertThat(Runbook.lines().get("PsidGatewayReplicaUnused"))
        .hasSize(2)
        .allSatisfy(line -> assertThat(pod.log()).containsPattern(Runbook.pattern(line)));
  }

  @Test
  void whileTheDatabaseIsDown_theReplicaAnswers() {
    assertThat(gateway.resolve(PAGE, 10, 31, 32).mappings()).hasSize(2);
    awaitUsable(1);
    Awaitility.await().until(() -> misses(31, 32) == 0);
    POSTGRES.killPrimary();
    try {
      for (int i = 0; i < 5; i++) {
        Answer answer = gateway.resolve(PAGE, 0, 31, 32, 33);
        assertThat(answer.mappings()).hasSize(2);
        assertThat(answer.unresolved()).containsEntry("33", "failed/store_unavailable");
      }
    } finally {
      POSTGRES.startPrimary();
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> gateway.resolve(PAGE, 5, 34).mappings().size() == 1);
    awaitUsable(1);
  }

  private static void awaitUsable(int usable) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> figure("gateway_store_replica_usable") == usable);
  }

  private static double hits() {
    return figure("gateway_store_replica_requests_ids_total{result=\"hit\"}");
  }

  /** How many of these ids are missing in the replica. */
  private static double misses(long... asids) {
    String miss = "gateway_store_replica_requests_ids_total{result=\"miss\"}";
    double before = figure(miss);
    gateway.resolve(PAGE, 0, asids);
    return figure(miss) - before;
  }

  private static double figure(String meter) {
    return gateway
        .metrics()
        .lines()
        .filter(line -> line.startsWith(meter + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(meter.length() + 1)))
        .findFirst()
        .orElseThrow();
  }
}
