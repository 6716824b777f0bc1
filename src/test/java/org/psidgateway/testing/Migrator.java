package org.psidgateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.psidgateway.testing.Gateway.Answer;

/** A caller that has lists converted: what a data team's script would do. */
public final class Migrator {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Pod pod;

  public Migrator(Pod pod) {
    this.pod = pod;
  }

  /** One a line. */
  public static String list(long from, int count) {
    return LongStream.range(from, from + count)
        .mapToObj(Long::toString)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** Uploads ids, one a line; {@code parameters} as in a URL. */
  public JsonNode upload(long page, String idempotencyKey, String parameters, String ids) {
    return expect(
        202,
        uploading(page, idempotencyKey, parameters, "text/plain", BodyPublishers.ofString(ids)));
  }

  public Answer uploading(
      long page, String idempotencyKey, String parameters, String type, BodyPublisher body) {
    return send(
        to("/v1/pages/" + page + "/migrations?" + parameters)
            .header("Content-Type", type)
            .header("Idempotency-Key", idempotencyKey)
            .POST(body)
            .build());
  }

  public JsonNode get(String id) {
    return expect(200, send(to("/v1/migrations/" + id).GET().build()));
  }

  public Answer want(String id, String state) {
    return patch(id, "{\"desired_state\":\"" + state + "\"}");
  }

  public Answer patch(String id, String change) {
    return send(
        to("/v1/migrations/" + id)
            .header("Content-Type", "application/json")
            .method("PATCH", BodyPublishers.ofString(change))
            .build());
  }

  public Answer again(String id, String idempotencyKey) {
    return send(
        to("/v1/migrations/" + id + "/retry?view=failed,not_attempted")
            .header("Idempotency-Key", idempotencyKey)
            .POST(BodyPublishers.noBody())
            .build());
  }

  public Answer delete(String id) {
    return send(to("/v1/migrations/" + id).DELETE().build());
  }

  /** A view as a file, without its closing row. */
  public List<String> file(String id, String view) {
    String text =
        send(to("/v1/migrations/" + id + "/results?view=" + view)
                .header("Accept", "text/csv")
                .GET()
                .build())
            .text();
    List<String> lines = Arrays.asList(text.split("\n", -1));
    if (lines.size() < 2 || !lines.get(lines.size() - 2).startsWith("#end,")) {
      throw new AssertionError("the file does not end as it should: " + lines.size() + " lines");
    }
    return lines.subList(0, lines.size() - 2);
  }

  /** Waits until it is in one of these states, and returns it. */
  public JsonNode await(String id, Duration most, String... states) {
    JsonNode[] last = new JsonNode[1];
    Awaitility.await("migration to be " + String.join(", ", states))
        .atMost(most)
        .pollInterval(Duration.ofMillis(100))
        .conditionEvaluationListener(
            condition -> {
              if (condition.getRemainingTimeInMS() <= 200) {
                System.getLogger("migrator").log(System.Logger.Level.INFO, "is " + last[0]);
              }
            })
        .until(
            () -> {
              last[0] = get(id);
              return List.of(states).contains(last[0].path("state").asText());
            });
    return last[0];
  }

  private static JsonNode expect(int status, Answer answer) {
    if (answer.status() != status) {
      throw new AssertionError(answer.status() + " instead of " + status + ": " + answer.text());
    }
    return answer.body();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(pod.uri(path))
        .header("Authorization", "Bearer " + Pod.KEY)
        .timeout(Duration.ofMinutes(10));
  }

  private static Answer send(HttpRequest request) {
    try {
      HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
      return Answer.of(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
