package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.psidgateway.cache.OwnRedis;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/** A dependency goes away under load, and comes back. */
@Execution(ExecutionMode.CONCURRENT) // each test has pods of its own
class OutageIT {
  private final World world = new World();
  private FaultyProxy postgres;
  private OwnRedis redis;
  private Pod pod;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    redis = new OwnRedis();
    postgres = new FaultyProxy(world.database.port());
    pod =
        world
            .pod()
            .withDatabase(world.database.through(postgres).jdbcUrl())
            .withRedis(redis.port())
            .with("gateway.cache.l1.max-entries", "16") // so that Redis and PostgreSQL are asked
            .start();
    gateway = new Gateway(pod);
  }

  @AfterEach
  void stop() throws IOException {
    pod.close();
    postgres.close();
    redis.close();
    world.close();
  }

  @Test
  void redisFrozen_killed_orFlushed_noKnownIdFails() throws Exception {
    long[] known = Gateway.ids(1, 400);
    assertThat(gateway.resolve(PAGE, 20, known).mappings()).hasSize(400);
    long calls = world.witness().calls().size();

    redis.freeze();
    assertAllKnown(known);
    redis.thaw();
    assertAllKnown(known);
    redis.kill();
    assertAllKnown(known);
    redis.start(); // empty: as after a flush
    assertAllKnown(known);

    assertThat(world.witness().calls()).hasSize((int) calls);
  }

  private void assertAllKnown(long[] known) {
    List<CompletableFuture<Answer>> load = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      load.add(gateway.resolveAsync(PAGE, 2, Gateway.ids(1 + i, 200)));
    }
    for (CompletableFuture<Answer> caller : load) {
      Answer answer = caller.join();
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(answer.mappings()).hasSize(200);
    }
    assertThat(gateway.resolve(PAGE, 2, known).mappings()).hasSize(400);
  }

  @Test
  void postgresGone_cachedIdsAreAnswered_nothingIsSent_andAllIsWellAfterwards() {
    long[] cached = Gateway.ids(5_001, 8);
    Map<Long, Long> truth = gateway.resolve(PAGE, 20, cached).mappings();
    assertThat(truth).hasSize(8);
    int calls = world.witness().calls().size();

    postgres.cut();
    Answer mixed = gateway.resolve(PAGE, 1, Gateway.concat(cached, new long[] {9_999}));
    assertThat(mixed.status()).as(mixed.text()).isEqualTo(200);
    assertThat(mixed.mappings()).isEqualTo(truth);
    assertThat(mixed.unresolved()).containsEntry("9999", "failed/store_unavailable");
    Answer nothing = gateway.resolve(PAGE, 1, 9_998);
    assertThat(nothing.status()).isEqualTo(503);
    assertThat(nothing.body().path("type").asText()).isEqualTo("/problems/unavailable");
    assertThat(pod.isReady()).isTrue();
    assertPagesAreShown("/v1/pages/" + PAGE, "");
    assertPagesAreShown("/v1/pages", "/items/0");
    postgres.heal();

    postgres.swallow();
    long start = System.nanoTime();
    Answer hanging = gateway.resolve(PAGE, 1, Gateway.concat(cached, new long[] {9_999}));
    assertThat(hanging.mappings()).isEqualTo(truth);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    assertThat(world.witness().calls()).hasSize(calls);
    postgres.heal();

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> gateway.resolve(PAGE, 5, 9_998, 9_999).mappings().size() == 2);
    world.assertAudit(gateway);
  }

  /** From memory, without what only the ledger knows. */
  private void assertPagesAreShown(String path, String pointer) {
    Answer answer = gateway.get(path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.body().at(pointer + "/page_id").asText()).isEqualTo("100");
    assertThat(answer.body().at(pointer + "/cooldown_until").isNull()).isTrue();
    assertThat(answer.body().at(pointer + "/usage").isObject()).isTrue();
    assertThat(answer.body().at(pointer + "/usage")).isEmpty();
  }

  @Test
  void answersThatCannotBeSettled_waitInMemory_andAreKeptOnceTheStoreIsBack() {
    world.script().fault(Fault.slow(800));
    CompletableFuture<Answer> caller = gateway.resolveAsync(PAGE, 3, 7_001, 7_002);
    Awaitility.await().until(() -> world.witness().conversions() == 2);
    postgres.cut();

    assertThat(caller.join().unresolved()).containsEntry("7001", "pending/queued");

    postgres.heal();
    world.script().clearFaults();
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> gateway.resolve(PAGE, 1, 7_001, 7_002).mappings().size() == 2);
    assertThat(world.witness().timesConverted(PAGE, 7_001)).isEqualTo(1);
    world.assertAudit(gateway);
  }

  @Test
  void upstreamGone_knownIdsAreUnaffected_missesArePending_withoutAStorm() {
    long[] known = Gateway.ids(1, 10);
    assertThat(gateway.resolve(PAGE, 20, known).mappings()).hasSize(10);
    int before = world.witness().calls().size();

    world.script().fault(Fault.of(Fault.Kind.RESET));
    for (int i = 0; i < 30; i++) {
      Answer answer = gateway.resolve(PAGE, 0, Gateway.concat(known, Gateway.ids(20_000 + i, 5)));
      assertThat(answer.mappings()).hasSize(10);
      assertThat(answer.unresolved().values()).allMatch(fate -> fate.startsWith("pending/"));
    }
    assertThat(world.witness().calls().size() - before).isLessThanOrEqualTo(12);
    world.assertAudit(gateway);
    world.script().clearFaults();

    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> gateway.resolve(PAGE, 2, Gateway.ids(20_000, 5)).mappings().size() == 5);
    world.assertAudit(gateway);
  }
}
