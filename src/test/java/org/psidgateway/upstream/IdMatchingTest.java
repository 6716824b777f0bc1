package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.upstream.ScriptedServer.answer;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.PageId;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.model.Usage;
import org.psidgateway.testing.Tariffs;
import org.psidgateway.upstream.Outcome.Match;
import org.psidgateway.upstream.Outcome.Matched;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Question.Further;

/**
 * What is sent, and how an answer becomes an outcome; what elements mean is in {@link
 * BatchAnswerTest}.
 */
class IdMatchingTest extends UpstreamHarness {
  private static final String EMPTY = "{\"code\":200,\"body\":\"{\\\"data\\\":[]}\"}";

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.ofEpochSecond(1_700_000_000));
  private final InstantSource clock = now::get;
  private Settings.Upstream settings;

  @BeforeEach
  void speakIt() {
    settings = Settings.Upstream.at(server.url()).kind(UpstreamKind.ID_MATCHING);
    restart();
  }

  @Test
  void ask_sendsABatchInTheBody_andNoSecretInAnyUrl() {
    server.then(answer(200, "[" + EMPTY + "," + EMPTY + "]"));
    Matched matched = (Matched) ask(new Question(PageId.ANY, new long[] {20, 30}, Map.of()));
    assertThat(matched.complete()).containsExactly(20, 30);
    String request = server.requests.get(0);
    assertThat(request).startsWith("POST / HTTP/1.1\r\n");
    assertThat(head(request)).doesNotContain("APP_SECRET", "1|", "1%7C", "proof", "access_token");
    Map<String, String> form = form(request);
    assertThat(form.keySet())
        .containsExactly("access_token", "appsecret_proof", "include_headers", "batch");
    assertThat(form)
        .containsEntry("access_token", "1|APP_SECRET")
        .containsEntry("include_headers", "true")
        .containsEntry(
            "batch",
            "[{\"method\":\"GET\",\"relative_url\":\"20/ids_for_pages\"},"
                + "{\"method\":\"GET\",\"relative_url\":\"30/ids_for_pages\"}]");
    assertThat(form.get("appsecret_proof"))
        .isEqualTo("2c55526752bdc1eb3ab829e19dbaf6d171c7dd295bff6006a243afc0538d3fc5");
  }

  @Test
  void ask_namesThePage_andTheCursor_whereTheQuestionDoes() {
    server.otherwise(answer(200, "[" + EMPTY + "," + EMPTY + "," + EMPTY + "]"));
    Map<Long, Further> further =
        Map.of(20L, Further.after("Q+/=&x"), 30L, Further.only(new PageId(7)));
    ask(new Question(PageId.ANY, new long[] {20, 30, 40}, further));
    assertThat(form(server.requests.get(0)).get("batch"))
        .contains("\"20/ids_for_pages?after=Q%2B%2F%3D%26x\"")
        .contains("\"30/ids_for_pages?page=7\"")
        .contains("\"40/ids_for_pages\"");
    ask(new Question(new PageId(100), new long[] {20, 30, 40}, further));
    assertThat(form(server.requests.get(1)).get("batch"))
        .contains("\"20/ids_for_pages?page=100&after=Q%2B%2F%3D%26x\"")
        .contains("\"30/ids_for_pages?page=7\"")
        .contains("\"40/ids_for_pages?page=100\"");
  }

  @Test
  void ask_goesBelowBaseUrlAndVersion() {
    settings = Settings.Upstream.at(URI.create(server.url() + "/graph/")).version("v26.0");
    settings = settings.kind(UpstreamKind.ID_MATCHING);
    restart();
    server.then(answer(200, "[" + EMPTY + "]"));
    ask(20);
    assertThat(server.requests.get(0)).startsWith("POST /graph/v26.0/ HTTP/1.1\r\n");
  }

  @Test
  void proof_isMadeAnewForEachTry_whenItIsTimed() {
    settings = settings.proof(ProofForm.TIMED);
    restart();
    server.otherwise(answer(200, "[" + EMPTY + "]"));
    ask(20);
    now.set(now.get().plusSeconds(301));
    ask(20);
    Map<String, String> first = form(server.requests.get(0));
    Map<String, String> second = form(server.requests.get(1));
    assertThat(first).containsEntry("appsecret_time", "1700000000");
    assertThat(second).containsEntry("appsecret_time", "1700000301");
    assertThat(second.get("appsecret_proof"))
        .matches("[0-9a-f]{64}")
        .isNotEqualTo(first.get("appsecret_proof"));
  }

  @Test
  void usage_isReadInsideTheElementsToo_andIsTheApps() {
    server.then(
        answer(
            200,
            "[{\"code\":\"200\",\"headers\":[{\"name\":\"x-app-usage\",\"value\":\"{\\\"call_count\\\":41}\"},"
                + "{\"name\":\"X-Business-Use-Case-Usage\",\"value\":{\"5\":[{\"total_time\":57}]}},7,null],"
                + "\"body\":{\"data\":[{\"id\":7,\"page\":{\"id\":\"100\"}}],\"paging\":{}}}]",
            "X-App-Usage: {\"call_count\":12}"));
    Matched matched = (Matched) ask(20);
    assertThat(matched.usage()).isEqualTo(new Usage(57, Usage.NOT_REPORTED));
    assertThat(matched.matches()).containsExactly(new Match(20, new PageId(100), 7));
    assertThat(meters.get("gateway.upstream.usage").tag("scope", "app").gauge().value())
        .isEqualTo(41);
    assertThat(operations("answered")).isEqualTo(1);
  }

  @Test
  void answer_isOfTheWhole_whenItIsNoList() {
    server
        .then(
            answer(
                200,
                graphError(null, "GraphBatchException", "Too many requests in batch message.")))
        .then(
            answer(403, graphError(4, "OAuthException", "(#4) Application request limit reached")))
        .then(answer(400, graphError(32, "OAuthException", "x")))
        .then(answer(400, graphError(190, "OAuthException", "Invalid OAuth access token.")))
        .then(answer(400, graphError(210, "OAuthException", "A page access token is required")))
        .then(
            answer(
                400, graphError(100, "GraphMethodException", "Invalid appsecret_proof provided")))
        .then(answer(400, graphError(10, "OAuthException", "x")))
        .then(answer(400, graphError(2500, "OAuthException", "Unknown path components: /v99.0")))
        .then(answer(500, graphError(2, "OAuthException", "x")))
        .then(answer(400, graphError(null, "OAuthException", "who knows")))
        .then(answer(429, "slow down", "Retry-After: 30"));
    UpstreamError[] expected = {
      UpstreamError.TOO_MANY_IDS,
      UpstreamError.THROTTLED_APP,
      UpstreamError.THROTTLED_APP,
      UpstreamError.APP_SECRET,
      UpstreamError.APP_SECRET,
      UpstreamError.APP_SECRET,
      UpstreamError.PERMISSION,
      UpstreamError.MISADDRESSED,
      UpstreamError.TRANSIENT,
      UpstreamError.TRANSIENT,
      UpstreamError.THROTTLED_APP
    };
    Refused last = null;
    for (UpstreamError error : expected) {
      last = (Refused) ask(20);
      assertThat(last.error()).isEqualTo(error);
      assertThat(last.rejected().asids()).isEmpty();
    }
    assertThat(last.regainAfter()).contains(Duration.ofSeconds(30));
  }

  @Test
  void answer_isUncertain_whenItCannotBeRead() {
    for (String body :
        new String[] {
          "",
          " ",
          "<html>Sorry, something went wrong</html>",
          "[" + EMPTY + "," + EMPTY,
          "[" + EMPTY + "]<!-- proxy -->",
          "[" + EMPTY + "," + EMPTY + "," + EMPTY + "]",
          "{}",
          "{\"data\":[]}",
          "{\"error\":\"x\"}",
          "{\"success\":true}",
          "7",
          "null",
          "[{\"code\":200,\"code\":200,\"body\":\"{}\"}]"
        }) {
      server.then(answer(200, body));
      assertThat(ask(20, 30)).as(body).isInstanceOf(Uncertain.class);
    }
    server.then(answer(502, "[" + EMPTY + "," + EMPTY + "]"));
    assertThat(ask(20, 30)).isEqualTo(new Uncertain("http_502"));
  }

  @Test
  void tariff_countsOperations() {
    assertThat(upstream.tariff()).isEqualTo(Tariffs.PER_PERSON);
    settings = settings.harvest(false);
    restart();
    assertThat(upstream.tariff()).isEqualTo(Tariffs.PER_ID);
  }

  private Outcome ask(Question question) {
    return upstream
        .ask(question, "", ticker.nanos() + 20_000_000_000L, () -> Uni.createFrom().item(objection))
        .await()
        .atMost(Duration.ofSeconds(20));
  }

  private double operations(String outcome) {
    return meters.get("gateway.upstream.operations").tag("outcome", outcome).counter().count();
  }

  private void restart() {
    upstream.stop();
    meters.clear();
    upstream =
        new GraphUpstream(
            Protocols.protocol(settings, Settings.App.SIGNING, clock, ticker, meters).orElseThrow(),
            settings,
            Settings.Breaker.NEVER,
            vertx,
            meters,
            ticker,
            guard.builder());
  }

  private static String graphError(Integer code, String type, String message) {
    String field = code == null ? "" : "\"code\":" + code + ",";
    return "{\"error\":{"
        + field
        + "\"type\":\""
        + type
        + "\",\"message\":\""
        + message
        + "\",\"fbtrace_id\":\"Ax1\"}}";
  }

  private static String head(String request) {
    return request.substring(0, request.indexOf("\r\n\r\n"));
  }

  private static Map<String, String> form(String request) {
    Map<String, String> form = new LinkedHashMap<>();
    for (String field : request.substring(request.indexOf("\r\n\r\n") + 4).split("&")) {
      String[] parts = field.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }
}
