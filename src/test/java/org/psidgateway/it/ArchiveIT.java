package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Sql;

/** The package at the end of the road, on a database with a history, and on the way back. */
class ArchiveIT {
  private static final long PAGE = 100;
  private static final long PAUSED = 200;

  private World world;
  private Sql sql;

  @BeforeEach
  void start() {
    world = new World();
    sql = world.database.sql();
    world.rejectSomeIds();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  /** Neither secret nor tokens, and an address where nobody is. */
  private Pod.Settings archive() {
    return world
        .pod()
        .with("gateway.upstream.kind", "none")
        .with("gateway.upstream.base-url", "http://localhost:1")
        .with("gateway.upstream.version", "v99.0")
        .without("gateway.app.secret")
        .without("gateway.pages.\"100\".token")
        .without("gateway.pages.\"200\".token");
  }

  /** One pod's: answers of each kind, a paused Page, and a call that died with the pod. */
  private Map<Long, Long> history() {
    try (Pod pod = world.pod().start()) {
      Gateway gateway = new Gateway(pod);
      Map<Long, Long> known = gateway.resolve(PAGE, 10, 11, 12, 1404, 1000).mappings();
      assertThat(known).containsOnlyKeys(11L, 12L);
      gateway.resolve(PAUSED, 10, 11);
      gateway.put("/v1/pages/200", "{\"paused\":true}");
      int calls = world.witness().calls().size();
      world.script().fault(Fault.of(Kind.HANG));
      gateway.resolve(PAGE, 0, 21, 22);
      Awaitility.await().until(() -> world.witness().calls().size() == calls + 1);
      pod.kill();
      world.script().clearFaults();
      return known;
    }
  }

  @Test
  void archive_answersWhatIsKnown_andAsksNobody_andAnUpstreamGoesOnFromThere() {
    final Map<Long, Long> known = history();
    final int calls = world.witness().calls().size();
    final int asked = world.witness().timesAsked(PAGE, 1404);
    // Years later: the negatives are older than recheck-after, and nobody sweeps the lost call.
    sql.execute(
        "update negative set checked_at = now() - interval '3 years'",
        "update call set expires_at = granted_at where state = 'granted'",
        """
        update standing set suspicion = 'app_secret_rejected',
               suspected_until = now() + interval '1 day' where page_id = 0
        """);

    try (Pod pod = archive().start()) {
      Gateway gateway = new Gateway(pod);
      long begun = System.nanoTime();
      Answer answer = gateway.resolve(PAGE, 30, 11, 12, 1404, 1000, 21, 31);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
      assertThat(answer.mappings()).isEqualTo(known);
      assertThat(answer.unresolved())
          .isEqualTo(
              Map.of(
                  "1404", "unmapped/not_returned_by_upstream",
                  "1000", "invalid/rejected_by_upstream",
                  "21", "failed/window_closed",
                  "31", "failed/window_closed"));
      assertThat(answer.text()).doesNotContain("retry_after_seconds");
      assertThat(gateway.get("/v1/pages/100/mappings/1404").body().path("psid").isNull()).isTrue();
      assertThat(gateway.get("/v1/pages/100/mappings/31").status()).isEqualTo(404);
      Answer paused = gateway.resolve(PAUSED, 5, 11, 31);
      assertThat(paused.mappings()).containsOnlyKeys(11L);
      assertThat(paused.unresolved()).containsEntry("31", "failed/window_closed");

      assertThat(
              gateway
                  .post("/v1/pages/100/mappings/import", "[{\"asid\":\"41\",\"psid\":\"4141\"}]")
                  .text())
          .contains("\"imported\":1,");
      assertThat(gateway.resolve(PAGE, 5, 41).mappings()).containsEntry(41L, 4141L);
      JsonNode estimate = gateway.post("/v1/pages/100/estimates", "[\"41\",\"51\"]").body();
      assertThat(estimate.at("/earliest_finish/reason").asText()).isEqualTo("window_closed");
      assertThat(estimate.at("/bottleneck/what").asText()).isEqualTo("window");

      assertThat(gateway.get("/v1/pages/200").body().path("upstream").asText()).isEqualTo("none");
      assertQuotaAndWindow(gateway);
      assertThat(pod.log())
          .contains("upstream none: an archive")
          .contains("no pace; no quota, window sealed")
          .doesNotContain("The window is sealed")
          .doesNotContain("rejects the app's proof");
      assertQuiet(gateway.metrics());
      assertThat(sql.number("select count(*) from claim where asid not in (21, 22)")).isZero();
      assertThat(world.witness().calls()).hasSize(calls);
    }

    sql.execute("update standing set suspicion = null", "update claim set lapses_at = now()");
    try (Pod pod = world.pod().start()) {
      Gateway gateway = new Gateway(pod);
      Answer answer = gateway.resolve(PAGE, 20, 11, 1404, 21, 31);
      assertThat(answer.mappings()).containsOnlyKeys(11L, 21L, 31L);
      World.assertTrue(PAGE, answer.mappings());
      assertThat(answer.unresolved()).containsEntry("1404", "unmapped/not_returned_by_upstream");
      assertThat(world.witness().timesAsked(PAGE, 1404)).as("old enough").isEqualTo(asked + 1);
      assertThat(world.witness().timesConverted(PAGE, 11)).isEqualTo(1);
      assertThat(gateway.get("/v1/window").body().path("state").asText()).isEqualTo("open");
      world.assertAudit(gateway);
    }
  }

  private static void assertQuotaAndWindow(Gateway gateway) {
    Awaitility.await() // the lost call is given up here as anywhere
        .atMost(Duration.ofSeconds(30))
        .until(() -> gateway.get("/v1/quota").body().path("uncertain").asLong() == 2);
    JsonNode quota = gateway.get("/v1/quota").body();
    assertThat(quota.path("limit").isNull()).isTrue();
    assertThat(quota.path("remaining").isNull()).isTrue();
    assertThat(quota.path("reserve_floor").isNull()).isTrue();
    assertThat(quota.path("committed").asLong()).isEqualTo(3);
    assertThat(quota.path("held").asLong()).isZero();
    assertThat(quota.path("converted").asLong()).isEqualTo(3);

    JsonNode window = gateway.get("/v1/window").body();
    assertThat(window.path("state").asText()).isEqualTo("sealed");
    for (String date : new String[] {"approved_on", "closes_at", "days_remaining"}) {
      assertThat(window.has(date)).as(date).isTrue();
      assertThat(window.path(date).isNull()).as(date).isTrue();
    }
  }

  private static void assertQuiet(String metrics) {
    assertThat(metrics)
        .contains("gateway_pages_paused 0.0")
        .contains("gateway_upstream_suspected{what=\"app_secret\"} 0.0")
        .contains("gateway_batch_queued_ids 0.0")
        .doesNotContain("gateway_upstream_calls")
        .doesNotContain("gateway_upstream_breaker");
  }

  @Test
  void pages_areRegisteredWithoutAToken_andTheSealIsNoted() {
    try (Pod pod = archive().start()) {
      Gateway gateway = new Gateway(pod);
      assertThat(gateway.put("/v1/pages/300", "{\"name\":\"late\"}").status()).isEqualTo(201);
      sql.execute(
          "insert into mapping (page_id, asid, psid, resolved_at) values (300, 41, 77, now())");
      Answer answer = gateway.resolve(300, 0, 41, 42);
      assertThat(answer.mappings()).containsExactly(Map.entry(41L, 77L));
      assertThat(answer.unresolved()).containsEntry("42", "failed/window_closed");

      Answer seal = gateway.post("/v1/window/seal");
      assertThat(seal.status()).isEqualTo(200);
      assertThat(seal.body().path("state").asText()).isEqualTo("sealed");
      assertThat(seal.body().path("closes_at").isNull()).isFalse();
      assertThat(gateway.post("/v1/window/seal").body()).isEqualTo(seal.body());
    }
    try (Pod pod = world.pod().start()) {
      assertThat(new Gateway(pod).resolve(PAGE, 5, 51).unresolved())
          .containsEntry("51", "failed/window_closed");
    }
    assertThat(world.witness().calls()).isEmpty();
  }
}
