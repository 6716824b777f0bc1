package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** What a production pod logs, and how that is changed without a restart. */
class LogIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private static final String STEPS = "org.psidgateway.trace";

  private static World world;
  private static FaultyProxy postgres;
  private static Pod pod;

  @BeforeAll
  static void start() {
    world = new World();
    postgres = new FaultyProxy(world.database.port());
    pod = world.pod().withDatabase(world.database.through(postgres).jdbcUrl()).start();
  }

  @AfterAll
  static void stop() {
    pod.close();
    postgres.close();
    world.close();
  }

  @AfterEach
  void heal() {
    postgres.heal();
  }

  @Test
  void lines_areJson_andSayWhoseRequestTheyBelongTo() throws Exception {
    assertThat(change("org.psidgateway.batch", "{\"level\":\"DEBUG\"}")).isEqualTo(200);

    List<JsonNode> lines = lines();
    assertThat(lines).allSatisfy(line -> assertThat(line.has("message")).isTrue());
    JsonNode changed =
        lines.stream()
            .filter(line -> line.path("message").asText().startsWith("The level of"))
            .findFirst()
            .orElseThrow();
    assertThat(changed.at("/mdc/requestId").asText()).isEqualTo("request-1");
    assertThat(changed.at("/mdc/caller").asText()).isEqualTo("tests");
    assertThat(changed.at("/mdc/traceId").asText()).isEqualTo(TRACE);
    assertThat(changed.path("timestamp").asText()).endsWith("Z");
  }

  @Test
  void level_decidesWhatIsLogged_untilItIsReset() throws Exception {
    postgres.cut();
    askInVain();
    assertThat(debugLines()).isZero();

    assertThat(change("org.psidgateway.api", "{\"level\":\"DEBUG\"}")).isEqualTo(200);
    askInVain();
    assertThat(debugLines()).isEqualTo(1);

    assertThat(change("org.psidgateway.api", "{\"level\":null}")).isEqualTo(200);
    askInVain();
    assertThat(debugLines()).isEqualTo(1);
  }

  /** A 503 has its reason in the log, at DEBUG, before it is sent. */
  private static void askInVain() {
    assertThat(new Gateway(pod).get("/v1/quota").status()).isEqualTo(503);
  }

  private static long debugLines() throws Exception {
    return lines().stream()
        .filter(line -> line.path("loggerName").asText().startsWith("org.psidgateway.api"))
        .filter(line -> line.path("level").asText().equals("DEBUG"))
        .count();
  }

  private static List<JsonNode> lines() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : pod.log().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void debug_followsARequest_toItsCalls_byTheirIds_withoutThoseOfPeople() throws Exception {
    Gateway gateway = new Gateway(pod);
    assertThat(gateway.resolve(World.PAGE, 10, 8_100_001).mappings()).hasSize(1);
    assertThat(change(STEPS, "{\"level\":\"DEBUG\"}")).isEqualTo(200);
    HttpRequest request =
        HttpRequest.newBuilder(pod.uri("/v1/pages/100/mappings/resolve"))
            .header("Authorization", "Bearer " + Pod.KEY)
            .header("Content-Type", "application/json")
            .header("X-Request-Id", "request-2")
            .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
            .header("Prefer", "wait=10")
            .POST(BodyPublishers.ofString(Gateway.resolveBody(8_100_001, 8_100_002, 8_100_003)))
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
        .isEqualTo(200);
    assertThat(change(STEPS, "{\"level\":null}")).isEqualTo(200);
    assertThat(gateway.resolve(World.PAGE, 10, 8_100_004).mappings()).hasSize(1);

    List<String> steps =
        lines().stream()
            .filter(line -> line.path("loggerName").asText().startsWith(STEPS))
            .map(line -> line.path("message").asText())
            .toList();
    String call =
        steps.stream()
            .filter(step -> step.startsWith("request_id=request-2: waits for call_id="))
            .map(step -> step.replaceAll(".*call_id=", ""))
            .findFirst()
            .orElseThrow();
    assertThat(of("request_id=request-2", steps))
        .containsSubsequence(
            "page_id: 100",
            "ids: 3",
            "known from L1: 1",
            "store begins, ids: 2",
            "store ends",
            "known from the store: 0",
            "joined calls under way: 0",
            "queued: 2",
            "wait begins, ids: 2",
            "wait ends",
            "pending: 0");
    assertThat(of("call_id=" + call, steps))
        .containsExactly(
            "page_id: 100",
            "reserve begins, ids: 2",
            "reserve ends",
            "granted, ids: 2",
            "upstream begins, ids: 2",
            "upstream ends",
            "outcome: answered",
            "settle begins, ids: 2",
            "settle ends");
    assertThat(new Gateway(pod).get("/v1/quota/entries").text()).contains(call);
    assertThat(pod.log()).doesNotContain("8100001", "8100002", "8100003", "8100004");
    assertThat(lines())
        .filteredOn(line -> line.path("message").asText().contains("request-2: known from L1"))
        .singleElement()
        .satisfies(line -> assertThat(line.at("/mdc/traceId").asText()).isEqualTo(TRACE));
  }

  private static List<String> of(String name, List<String> steps) {
    return steps.stream()
        .filter(step -> step.startsWith(name + ": "))
        .map(step -> step.substring(name.length() + 2))
        .toList();
  }

  @Test
  void trace_isThatOfAValidTraceparentAlone() throws Exception {
    String parent = "00f067aa0ba902b7";
    String other = "5bf92f3577b34da6a3ce929d0e0e4736";
    List<String> invalid =
        List.of(
            "ff-" + other + "-" + parent + "-01",
            "00-" + other + "-" + parent + "-01-more",
            "00-" + other + "-0000000000000000-01",
            "00-00000000000000000000000000000000-" + parent + "-01",
            "00-" + other.toUpperCase(Locale.ROOT) + "-" + parent + "-01");
    for (String traceparent : invalid) {
      assertThat(change("org.psidgateway.time", "{\"level\":null}", traceparent)).isEqualTo(200);
    }
    assertThat(pod.log()).doesNotContainIgnoringCase(other).doesNotContain("0000000000000000");
    assertThat(
            change(
                "org.psidgateway.time",
                "{\"level\":null}",
                "01-" + other + "-" + parent + "-01-more"))
        .isEqualTo(200);
    assertThat(pod.log()).contains(other);
  }

  @Test
  void levelsOfOthers_areNotChanged() throws Exception {
    assertThat(change("io.vertx", "{\"level\":\"DEBUG\"}")).isEqualTo(400);
    assertThat(change("org.psidgateway", "{\"level\":\"LOUD\"}")).isEqualTo(400);
    assertThat(change("org.psidgateway", "{\"level\":null}")).isEqualTo(200);
  }

  private static int change(String category, String body) throws Exception {
    return change(category, body, "00-" + TRACE + "-00f067aa0ba902b7-01");
  }

  private static int change(String category, String body, String traceparent) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(pod.uri("/v1/logging/" + category))
            .header("Authorization", "Bearer " + Pod.KEY)
            .header("Content-Type", "application/json")
            .header("X-Request-Id", "request-1")
            .header("traceparent", traceparent)
            .PUT(BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
