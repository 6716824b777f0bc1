package org.psidgateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A caller of a pod: what a backend service would write. */
public final class Gateway {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final String NO_TRACE = "";

  private final Pod pod;
  private final HttpClient http;
  private final String traceParent;

  public Gateway(Pod pod) {
    this(pod, HTTP, NO_TRACE);
  }

  private Gateway(Pod pod, HttpClient http, String traceParent) {
    this.pod = pod;
    this.http = http;
    this.traceParent = traceParent;
  }

  /** A connection for each request under way, as separate callers would have. */
  public Gateway overHttp1() {
    return new Gateway(
        pod, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), traceParent);
  }

  /** Within a trace of the caller's that is recorded. */
  public Gateway traced(String traceId) {
    return new Gateway(pod, http, "00-" + traceId + "-00f067aa0ba902b7-01");
  }

  /** Within a trace of the caller's that is not. */
  public Gateway untraced(String traceId) {
    return new Gateway(pod, http, "00-" + traceId + "-00f067aa0ba902b7-00");
  }

  /** What a resolve answered. */
  public record Answer(int status, JsonNode body, String text) {
    public static Answer of(int status, String text) {
      try {
        boolean json = text.startsWith("{") || text.startsWith("[");
        return new Answer(status, json ? JSON.readTree(text) : JSON.nullNode(), text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public Map<Long, Long> mappings() {
      Map<Long, Long> mappings = new HashMap<>();
      body.path("mappings")
          .properties()
          .forEach(
              e -> mappings.put(Long.valueOf(e.getKey()), Long.valueOf(e.getValue().asText())));
      return mappings;
    }

    /** Status and reason by id, such as {@code pending/queued}. */
    public Map<String, String> unresolved() {
      Map<String, String> fates = new HashMap<>();
      for (JsonNode entry : body.path("unresolved")) {
        fates.put(
            entry.path("asid").asText(),
            entry.path("status").asText() + "/" + entry.path("reason").asText());
      }
      return fates;
    }
  }

  public Answer resolve(long page, int wait, long... asids) {
    return resolveAsync(page, wait, asids).join();
  }

  public CompletableFuture<Answer> resolveAsync(long page, int wait, long... asids) {
    return resolveBody(page, wait, resolveBody(asids));
  }

  public static String resolveBody(long... asids) {
    return LongStream.of(asids)
        .mapToObj(id -> '"' + Long.toString(id) + '"')
        .collect(Collectors.joining(",", "{\"asids\":[", "]}"));
  }

  public CompletableFuture<Answer> resolveBody(long page, int wait, String body) {
    HttpRequest request =
        to("/v1/pages/" + page + "/mappings/resolve")
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=" + wait)
            .timeout(Duration.ofSeconds(wait + 20L))
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.sendAsync(request, BodyHandlers.ofString()).thenApply(Gateway::answer);
  }

  public Answer get(String path) {
    return send(to(path).GET().build());
  }

  public Answer put(String path, String body) {
    return send(
        to(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body))
            .build());
  }

  public Answer post(String path, String body) {
    return send(
        to(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  /** Without a body. */
  public Answer post(String path) {
    return send(to(path).POST(BodyPublishers.noBody()).build());
  }

  public Answer delete(String path) {
    return send(to(path).DELETE().build());
  }

  public String metrics() {
    return send(HttpRequest.newBuilder(pod.managementUri("/q/metrics")).GET().build()).text();
  }

  private HttpRequest.Builder to(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(pod.uri(path)).header("Authorization", "Bearer " + Pod.KEY);
    return traceParent.equals(NO_TRACE) ? request : request.header("traceparent", traceParent);
  }

  private static Answer send(HttpRequest request) {
    try {
      return answer(HTTP.send(request, BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Answer answer(HttpResponse<String> response) {
    return Answer.of(response.statusCode(), response.body());
  }

  public static long[] ids(long from, int count) {
    return LongStream.range(from, from + count).toArray();
  }

  public static long[] concat(long[]... lists) {
    return Arrays.stream(lists).flatMapToLong(Arrays::stream).toArray();
  }
}
