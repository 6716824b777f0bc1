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
    return lines().stream().filter(line -> line.path("level").asText().equals("DEBUG")).count();
  }

  private static List<JsonNode> lines() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : pod.log().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void levelsOfOthers_areNotChanged() throws Exception {
    assertThat(change("io.vertx", "{\"level\":\"DEBUG\"}")).isEqualTo(400);
    assertThat(change("org.psidgateway", "{\"level\":\"LOUD\"}")).isEqualTo(400);
    assertThat(change("org.psidgateway", "{\"level\":null}")).isEqualTo(200);
  }

  private static int change(String category, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(pod.uri("/v1/logging/" + category))
            .header("Authorization", "Bearer " + Pod.KEY)
            .header("Content-Type", "application/json")
            .header("X-Request-Id", "request-1")
            .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
            .PUT(BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
