package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Pod;

/** What a production pod logs, and how that is changed without a restart. */
class LogIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void lines_areJson_andSayWhoseRequestTheyBelongTo() throws Exception {
    try (World world = new World();
        Pod pod = world.pod().start()) {
      assertThat(change(pod, "org.psidgateway.batch", "{\"level\":\"DEBUG\"}").statusCode())
          .isEqualTo(200);

      List<JsonNode> lines = new ArrayList<>();
      for (String line : pod.log().lines().toList()) {
        lines.add(JSON.readTree(line));
      }
      assertThat(lines).allSatisfy(line -> assertThat(line.has("message")).isTrue());
      JsonNode told =
          lines.stream()
              .filter(line -> line.path("message").asText().startsWith("The level of"))
              .findFirst()
              .orElseThrow();
      assertThat(told.at("/mdc/requestId").asText()).isEqualTo("request-1");
      assertThat(told.at("/mdc/caller").asText()).isEqualTo("tests");
      assertThat(told.at("/mdc/traceId").asText()).isEqualTo(TRACE);
      assertThat(told.path("timestamp").asText()).endsWith("Z");
    }
  }

  @Test
  void levelsOfOthers_areNotChanged() throws Exception {
    try (World world = new World();
        Pod pod = world.pod().start()) {
      assertThat(change(pod, "io.vertx", "{\"level\":\"DEBUG\"}").statusCode()).isEqualTo(400);
      assertThat(change(pod, "org.psidgateway", "{\"level\":\"LOUD\"}").statusCode())
          .isEqualTo(400);
      assertThat(change(pod, "org.psidgateway", "{\"level\":null}").statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> change(Pod pod, String category, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(pod.uri("/v1/logging/" + category))
            .header("Authorization", "Bearer " + Pod.KEY)
            .header("Content-Type", "application/json")
            .header("X-Request-Id", "request-1")
            .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
            .PUT(BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }
}
