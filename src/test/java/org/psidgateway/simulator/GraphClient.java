package org.psidgateway.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** A simulator with two Pages and a settable clock, and a plain client of it. */
final class GraphClient implements AutoCloseable {
  static final String SECRET = "s3cret";
  static final String TOKEN = "token-of-100";
  static final String APP_TOKEN = "1|" + SECRET;
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  final SimulatedGraph graph;
  final SimulatorScript script;
  final Witness witness;

  GraphClient() {
    script = new SimulatorScript(SECRET).page(100, TOKEN).page(200, "token-of-200");
    InstantSource clock = now::get;
    graph = SimulatedGraph.start(0, script, clock);
    witness = graph.witness();
  }

  void passes(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  /** Asks in the usual way, for Page 100. */
  HttpResponse<String> ask(String... ids) throws IOException, InterruptedException {
    return post("/pages_id_mapping", usual(ids));
  }

  JsonNode askJson(String... ids) throws IOException, InterruptedException {
    return json(ask(ids));
  }

  static Map<String, String> usual(String... ids) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("access_token", TOKEN);
    form.put("appsecret_proof", ProofCheck.hmac(SECRET, TOKEN));
    form.put("user_ids", String.join(",", ids));
    return form;
  }

  /** Asks with the app's token, all in one batch. */
  HttpResponse<String> batch(String... relativeUrls) throws IOException, InterruptedException {
    return post("/v26.0/", batchForm(relativeUrls));
  }

  JsonNode batchJson(String... relativeUrls) throws IOException, InterruptedException {
    return json(batch(relativeUrls));
  }

  static Map<String, String> batchForm(String... relativeUrls) {
    ArrayNode operations = GraphJson.MAPPER.createArrayNode();
    for (String url : relativeUrls) {
      operations.addObject().put("method", "GET").put("relative_url", url);
    }
    Map<String, String> form = withApp();
    form.put("batch", operations.toString());
    return form;
  }

  /** The app's token and its proof. */
  static Map<String, String> withApp() {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("access_token", APP_TOKEN);
    form.put("appsecret_proof", ProofCheck.hmac(SECRET, APP_TOKEN));
    return form;
  }

  /** The JSON in the body of an element of a batch's answer. */
  static JsonNode body(JsonNode element) throws IOException {
    return GraphJson.MAPPER.readTree(element.get("body").textValue());
  }

  /** {@code page:psid} for each row of a list. */
  static List<String> rows(JsonNode list) {
    List<String> rows = new ArrayList<>();
    list.get("data")
        .forEach(row -> rows.add(row.at("/page/id").asText() + ":" + row.get("id").asText()));
    return rows;
  }

  /** The code of the error that an operation of a batch is answered; 0 for none. */
  int errorCode(String url) throws IOException, InterruptedException {
    return body(batchJson(url).get(0)).at("/error/code").intValue();
  }

  HttpResponse<String> post(String path, Map<String, String> form)
      throws IOException, InterruptedException {
    return send(
        to(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(encode(form))));
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(graph.baseUrl() + path))
        .timeout(Duration.ofSeconds(10));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  static String encode(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return GraphJson.MAPPER.readTree(response.body());
  }

  static String psid(long page, long asid) {
    return Long.toString(SimulatedGraph.psidOf(page, asid));
  }

  @Override
  public void close() {
    graph.close();
  }
}
