package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.RedisProcess;

/** The package, asking the upstream that is alive. */
class IdMatchingIT {
  private static final long ONE = 100;
  private static final long TWO = 200;

  private World world;

  @BeforeEach
  void start() {
    world = new World();
    world.rejectSomeIds();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private Pod.Settings matching() {
    return world.pod().with("gateway.upstream.kind", "id-matching");
  }

  private long operations(long asid) {
    return world.witness().operations().stream().filter(op -> op.id() == asid).count();
  }

  @Test
  void oneOperation_saysThePsidsOnAllPages_andCostsNoQuota() {
    try (Pod pod =
            matching()
                .without("gateway.pages.\"200\".token")
                .with("gateway.pages.\"200\".name", "without a token")
                .start();
        Pod other = matching().start()) {
      Gateway gateway = new Gateway(pod);

      Answer first = gateway.resolve(ONE, 10, 11, 12, 1404);
      assertThat(first.mappings()).containsOnlyKeys(11L, 12L);
      World.assertTrue(ONE, first.mappings());
      assertThat(first.unresolved()).containsEntry("1404", "unmapped/not_returned_by_upstream");
      Answer second = new Gateway(other).resolve(TWO, 10, 12, 11, 1404);
      World.assertTrue(TWO, second.mappings());
      assertThat(second.body().at("/summary/from/store").asInt()).isEqualTo(3);
      assertThat(world.witness().operations()).hasSize(3);
      assertThat(world.witness().calls()).hasSize(1);

      JsonNode quota = gateway.get("/v1/quota").body();
      assertThat(quota.path("limit").isNull()).isTrue();
      assertThat(quota.path("remaining").isNull()).isTrue();
      assertThat(quota.path("reserve_floor").isNull()).isTrue();
      assertThat(quota.path("committed").asLong()).isZero();
      assertThat(quota.path("converted").asLong()).isEqualTo(4);
      JsonNode entry = gateway.get("/v1/quota/entries").body().at("/items/0");
      assertThat(entry.path("page_id").isNull()).isTrue();
      assertThat(entry.path("asked").asInt()).isEqualTo(3);
      assertThat(entry.at("/callers/tests").asInt()).isEqualTo(3);
      assertThat(gateway.get("/v1/quota/callers").body().at("/items/0/conversions").asInt())
          .as("PSIDs of the Page that was waited for")
          .isEqualTo(2);
      JsonNode window = gateway.get("/v1/window").body();
      assertThat(window.path("state").asText()).isEqualTo("open");
      assertThat(window.path("closes_at").isNull()).isTrue();
    }
  }

  @Test
  void switchingOver_keepsMappings_andAsksNegativesAgain_inTheTableAndInRedis() throws IOException {
    try (RedisProcess redis = RedisProcess.server()) {
      long[] ids = {21, 22, 2404, 2000};
      try (Pod pod = withRedis(world.pod(), redis).start()) {
        Gateway before = new Gateway(pod);
        Answer answer = before.resolve(ONE, 10, ids);
        assertThat(answer.mappings()).hasSize(2);
        assertThat(answer.unresolved()).hasSize(2);
        assertThat(before.post("/v1/window/seal").status()).isEqualTo(200);
        assertThat(before.resolve(ONE, 5, 23).unresolved())
            .containsEntry("23", "failed/window_closed");
      }
      assertThat(world.witness().operations()).isEmpty();

      try (Pod pod = withRedis(matching(), redis).start()) {
        Gateway after = new Gateway(pod);
        Answer answer = after.resolve(ONE, 10, ids);
        assertThat(answer.mappings()).containsOnlyKeys(21L, 22L);
        assertThat(answer.unresolved()).containsEntry("2404", "unmapped/not_returned_by_upstream");
        assertThat(operations(21) + operations(22)).as("kept").isZero();
        assertThat(operations(2404)).isEqualTo(1);
        assertThat(after.resolve(ONE, 10, 23).mappings()).as("no seal binds").hasSize(1);
        Answer seal = after.post("/v1/window/seal");
        assertThat(seal.status()).isEqualTo(409);
        assertThat(seal.body().path("type").asText()).isEqualTo("/problems/not-offered");
        JsonNode quota = after.get("/v1/quota").body();
        assertThat(quota.path("committed").asLong()).as("as it was left").isEqualTo(2);
        assertThat(quota.path("converted").asLong()).as("23, on two Pages").isEqualTo(4);
      }
    }
  }

  private static Pod.Settings withRedis(Pod.Settings settings, RedisProcess redis) {
    return settings.withRedis(redis.port()).with("quarkus.redis.password", RedisProcess.PASSWORD);
  }

  @Test
  void missingId_isInvalid_onceTwoCallsSaySo_thoughAPodWasKilledInBetween() {
    try (Pod pod = matching().start()) {
      new Gateway(pod).resolve(ONE, 0, 31, 3000);
      Awaitility.await().until(() -> operations(3000) >= 1);
      Awaitility.await()
          .until(() -> new Gateway(pod).get("/v1/pages/100/mappings/31").status() == 200);
      pod.kill();
    }
    assertThat(
            world.database.sql().number("select count(*) from claim where missing_at is not null"))
        .isEqualTo(1);

    try (Pod pod = matching().start()) {
      Answer answer = new Gateway(pod).resolve(ONE, 10, 3000, 32);
      assertThat(answer.unresolved()).containsEntry("3000", "invalid/rejected_by_upstream");
      assertThat(operations(3000)).isEqualTo(2);
      assertThat(new Gateway(pod).resolve(TWO, 10, 3000).unresolved())
          .containsEntry("3000", "invalid/rejected_by_upstream");
      assertThat(operations(3000)).isEqualTo(2);
    }
  }

  @Test
  void withoutHarvest_eachPageIsAskedForItself() {
    try (Pod pod = matching().with("gateway.upstream.harvest", "false").start()) {
      Gateway gateway = new Gateway(pod);
      World.assertTrue(ONE, gateway.resolve(ONE, 10, 41).mappings());
      World.assertTrue(TWO, gateway.resolve(TWO, 10, 41).mappings());

      assertThat(operations(41)).isEqualTo(2);
      assertThat(gateway.get("/v1/quota/entries").body().at("/items/0/page_id").asText())
          .isEqualTo("200");
    }
  }

  @Test
  void faultsWithinABatch_costOnlyTheirIds_andTheOthersAreAnsweredAtOnce() {
    try (Pod pod =
        matching()
            .with("gateway.cooldown.initial", "PT1S")
            .with("gateway.retry.initial-delay", "PT0.05S")
            .with("gateway.retry.budget", "1")
            .start()) {
      Gateway gateway = new Gateway(pod);
      fault(Fault.of(Kind.HANG).onOperationsFrom(2).times(1)); // null elements
      World.assertTrue(ONE, all(gateway.resolve(ONE, 15, ids(5_001, 4)), 4));
      fault(Fault.throttled().onOperationsFrom(2).times(1));
      World.assertTrue(ONE, all(gateway.resolve(ONE, 15, ids(5_101, 4)), 4));
      fault(Fault.of(Kind.LOSE_REPLY).times(1)); // of the whole call: uncertain, asked again
      World.assertTrue(ONE, all(gateway.resolve(ONE, 25, ids(5_201, 4)), 4));

      assertThat(LongStream.of(5_001, 5_002, 5_101, 5_102).map(this::operations)).containsOnly(1L);
      assertThat(world.witness().calls().stream().filter(call -> call.operations() == 0)).isEmpty();
    }
  }

  private void fault(Fault fault) {
    world.script().change(s -> s.faults.clear());
    world.script().fault(fault);
  }

  private static Map<Long, Long> all(Answer answer, int count) {
    assertThat(answer.unresolved()).isEmpty();
    assertThat(answer.mappings()).hasSize(count);
    return answer.mappings();
  }

  private static long[] ids(long from, int count) {
    return Gateway.ids(from, count);
  }

  @Test
  void wrongSecret_isReportedAsSuch_andPausesNoPage() {
    try (Pod pod = matching().with("gateway.app.secret", "wrong-sesame").start()) {
      Gateway gateway = new Gateway(pod);
      assertThat(gateway.resolve(ONE, 10, 51).unresolved())
          .containsEntry("51", "failed/app_secret_rejected");
      assertThat(gateway.get("/v1/pages/100").body().path("paused").asBoolean()).isFalse();
      assertThat(pod.log()).doesNotContain("wrong-sesame");
    }
  }

  @Test
  void pausedPage_isNotAskedFor_butGetsItsRows() {
    try (Pod pod = matching().start()) {
      Gateway gateway = new Gateway(pod);
      gateway.put("/v1/pages/200", "{\"paused\":true}");
      assertThat(gateway.resolve(TWO, 5, 61).unresolved())
          .containsEntry("61", "failed/page_paused");
      assertThat(operations(61)).isZero();

      gateway.resolve(ONE, 10, 61);
      World.assertTrue(TWO, all(gateway.resolve(TWO, 5, 61), 1));
      assertThat(operations(61)).isEqualTo(1);
    }
  }

  @Test
  void ownPaceOfAPage_stopsTheStart_withHarvest() {
    assertThat(
            catchThrowable(
                () ->
                    matching()
                        .with("gateway.pages.\"100\".pace-calls", "5")
                        .with("gateway.pages.\"100\".pace-per", "PT1M")
                        .start()))
        .hasMessageContaining("gateway.upstream.harvest");
  }
}
