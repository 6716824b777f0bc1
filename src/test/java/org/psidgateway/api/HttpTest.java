package org.psidgateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What any HTTP client may rely on: codes, problems, headers and their order. */
@QuarkusTest
@QuarkusTestResource(PostgresForNow.class)
class HttpTest {
  private static final String RESOLVE = "/v1/pages/100/mappings/resolve";
  private static final String MAPPINGS = "/v1/pages/100/mappings";

  private final HttpClient client = HttpClient.newHttpClient();

  @TestHTTPResource URI url;

  @BeforeEach
  void registerPage() {
    as("dev").body("{\"name\":\"Shoes\",\"fans\":1000,\"paused\":false}").put("/v1/pages/100");
  }

  private static RequestSpecification as(String key) {
    return given().header("Authorization", "Bearer " + key).contentType("application/json");
  }

  private static ValidatableResponse problem(
      ValidatableResponse response, int status, String type) {
    return response
        .statusCode(status)
        .contentType(equalTo("application/problem+json"))
        .header("X-Request-Id", matchesPattern("[A-Za-z0-9._-]{1,128}"))
        .body("type", is("/problems/" + type))
        .body("status", is(status))
        .body("title", notNullValue())
        .body("detail", notNullValue())
        .body("instance", startsWith("/"))
        .body("request_id", matchesPattern("[A-Za-z0-9._-]{1,128}"));
  }

  private static String list(int ids) {
    return IntStream.rangeClosed(1, ids)
        .mapToObj(i -> "\"" + i + "\"")
        .collect(Collectors.joining(",", "{\"mode\":\"known_only\",\"asids\":[", "]}"));
  }

  private static String padded(int bytes) {
    return "{\"asids\":[\"1\",\"2\"]" + " ".repeat(bytes) + "}";
  }

  @Test
  void resolve_putsEveryIdInOnePlace_whenKindsAreMixed() {
    as("dev")
        .header("Prefer", "wait=0")
        .body("{\"asids\":[\"77x\",\"77x\",\"\",\"" + "9".repeat(20) + "\"]}")
        .post(RESOLVE)
        .then()
        .statusCode(200)
        .contentType(equalTo("application/json"))
        .header("Preference-Applied", "wait=0")
        .body("page_id", is("100"))
        .body("mappings", is(Map.of()))
        .body("unresolved.asid", is(List.of("77x", "", "9".repeat(20))))
        .body("unresolved.reason", everyItem(is("malformed")))
        .body("summary.requested", is(4))
        .body("summary.distinct", is(3))
        .body("summary.invalid", is(3))
        .body("summary.from.upstream", is(0));
  }

  @Test
  void resolve_sendsRetryAfterLaterThanTheBodySays_whenAnythingIsPending() {
    as("dev")
        .header("Prefer", "respond-async, wait=31")
        .body("{\"asids\":[\"10154673853349851\",\"5550001\"]}")
        .post(RESOLVE)
        .then()
        .statusCode(200)
        .header("Preference-Applied", "wait=30")
        .header("Retry-After", Integer::parseInt, greaterThan(3))
        .body("mappings.10154673853349851", is("1535748669783931"))
        .body("unresolved[0].retry_after_seconds", is(3))
        .body("summary.from.cache", is(1));
  }

  @Test
  void resolve_sendsNoRetryAfter_whenNothingIsPending() {
    as("reader")
        .body("{\"asids\":[\"5550001\"],\"mode\":\"known_only\"}")
        .post(RESOLVE)
        .then()
        .statusCode(200)
        .header("Retry-After", nullValue())
        .header("Preference-Applied", nullValue())
        .body("unresolved[0].status", is("failed"))
        .body("unresolved[0].reason", is("not_known"))
        .body("unresolved[0]", not(hasKey("retry_after_seconds")));
  }

  @Test
  void resolve_answers_whenPageIsNotRemembered() {
    as("dev").body("{}").put("/v1/pages/101").then().statusCode(oneOf(200, 201));
    as("dev")
        .body("{\"asids\":[\"1\"],\"mode\":\"known_only\"}")
        .post("/v1/pages/101/mappings/resolve")
        .then()
        .statusCode(200)
        .body("page_id", is("101"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|``",
        "null|``",
        "[1,2]|``",
        "{|``",
        "{}|/asids",
        "{\"asids\":[]}|/asids",
        "{\"asids\":\"1\"}|/asids",
        "{\"asids\":[1,2]}|/asids/0",
        "{\"asids\":[\"1\",null]}|/asids/1",
        "{\"asids\":[\"1\"],\"mode\":\"spend\"}|/mode",
        "{\"asids\":[\"1\"],\"mode\":null}|/mode",
        "{\"asids\":[\"1\"],\"priority\":\"high\"}|/priority",
        "{\"asids\":[\"1\"],\"ids_may_be_psids\":\"true\"}|/ids_may_be_psids",
        "{\"asids\":[\"1\"],\"moed\":\"known_only\"}|/moed",
        "{\"asids\":[\"1\"],\"12345678\":1}|``",
        "{\"asids\":[\"1\"],\"asids\":[\"2\"]}|/asids",
        "{\"asids\":[\"1\"]} {}|``",
        "{\"asids\":[\"1\"]}x|``",
      })
  void resolve_pointsAtTheMistake_whenBodyIsNotAcceptable(String body, String pointer) {
    problem(as("reader").body(body).post(RESOLVE).then(), 400, "malformed-request")
        .body("errors.pointer", hasItem(pointer));
  }

  @Test
  void resolve_tellsTwentyMistakes_whenThereAreMore() {
    String numbers =
        IntStream.range(0, 50).mapToObj(String::valueOf).collect(Collectors.joining(","));
    problem(
            as("dev").body("{\"asids\":[" + numbers + "]}").post(RESOLVE).then(),
            400,
            "malformed-request")
        .body("errors", hasSize(20));
  }

  @Test
  void resolve_answers_whenListIsAsLongAsItMayBe() {
    as("dev")
        .body(list(10_000))
        .post(RESOLVE)
        .then()
        .statusCode(200)
        .body("summary.distinct", is(10_000));
    as("dev").body(padded((1 << 20) - 19)).post(RESOLVE).then().statusCode(200);
  }

  @Test
  void resolve_countsIds_whenThereAreTooMany() {
    problem(as("dev").body(list(10_001)).post(RESOLVE).then(), 413, "batch-too-large")
        .body("max_ids", is(10_000))
        .body("max_bytes", is(1_048_576))
        .body("received_ids", is(10_001));
  }

  @ParameterizedTest
  @ValueSource(ints = {(1 << 20) - 18, 2 << 20, 8_000_000})
  void resolve_refusesReadably_whenBodyIsTooLong(int bytes) {
    problem(as("dev").body(padded(bytes)).post(RESOLVE).then(), 413, "batch-too-large")
        .body("received_ids", is(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {2 << 20, 8_000_000, 12_000_000})
  void resolve_refusesReadably_whenBodyIsChunked(int bytes) throws Exception {
    HttpResponse<String> answer = postChunked("dev", padded(bytes));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("\"received_ids\":2");
  }

  @ParameterizedTest
  @ValueSource(ints = {2 << 20, 8_000_000})
  void unauthenticated_isReadable_whenBodyIsLong(int bytes) throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(postChunked("wrong", padded(bytes)).statusCode()).isEqualTo(401);
    }
    assertThat(postChunked("dev", list(1)).statusCode()).isEqualTo(200);
  }

  @Test
  void resolve_answers_whenBodyIsChunked() throws Exception {
    HttpResponse<String> answer = postChunked("dev", list(200));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"distinct\":200");
  }

  @Test
  void refusalsOfTheRouter_areProblemsToo() throws Exception {
    assertThat(
            raw("POST " + RESOLVE + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000000\r\n\r\n"))
        .startsWith("HTTP/1.1 413")
        .containsIgnoringCase("content-type: application/problem+json")
        .containsIgnoringCase("x-request-id: ")
        .contains("/problems/body-too-large");
    assertThat(raw("GET /v1/pages HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .containsIgnoringCase("content-type: application/problem+json")
        .containsIgnoringCase("x-request-id: ")
        .contains("/problems/malformed-request");
  }

  private String raw(String head) throws IOException {
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Posts without a Content-Length; the same client then uses the connection again. */
  private HttpResponse<String> postChunked(String key, String body) throws Exception {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve(RESOLVE))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void refusals_comeInOrder_whenSeveralApply() {
    String unknown = "/v1/pages/999/mappings/resolve";
    problem(as("wrong").body(padded(2 << 20)).post(unknown).then(), 401, "unauthenticated");
    problem(
        as("exporter").body("[" + padded(2 << 20)).post(unknown).then(), 413, "batch-too-large");
    problem(as("exporter").body("{}").post(unknown).then(), 400, "malformed-request");
    problem(as("exporter").body(list(1)).post(unknown).then(), 403, "missing-role");
    problem(as("reader").body(list(1)).post(unknown).then(), 404, "unknown-page");
  }

  @Test
  void unauthenticated_isChallenged() {
    problem(
            given().contentType("application/json").body(list(1)).post(RESOLVE).then(),
            401,
            "unauthenticated")
        .header("WWW-Authenticate", "Bearer");
    problem(given().get("/v1/pages").then(), 401, "unauthenticated");
    problem(
        given().auth().preemptive().basic("dev", "dev").get("/v1/quota").then(),
        401,
        "unauthenticated");
  }

  @Test
  void missingRole_isNamed() {
    problem(as("reader").body("{\"asids\":[\"1\"]}").post(RESOLVE).then(), 403, "missing-role")
        .body("required_role", is("convert"));
    problem(as("exporter").get("/v1/window").then(), 403, "missing-role")
        .body("required_role", is("read"));
    problem(as("reader").body("{}").put("/v1/pages/100").then(), 403, "missing-role")
        .body("required_role", is("admin"));
  }

  @Test
  void frameworkErrors_areProblems() {
    problem(as("dev").get("/v1/nothing").then(), 404, "not-found");
    problem(as("dev").get("/nothing/12345678").then(), 404, "not-found")
        .body("instance", is("/nothing/{id}"));
    problem(as("dev").delete("/v1/pages/100").then(), 405, "method-not-allowed")
        .header("Allow", containsString("PUT"));
    problem(
        as("dev").body(list(1)).accept("text/html").post(RESOLVE).then(),
        406,
        "unsupported-media-type");
    problem(
        given()
            .header("Authorization", "Bearer dev")
            .contentType("text/plain")
            .body("x")
            .post(RESOLVE)
            .then(),
        415,
        "unsupported-media-type");
  }

  @Test
  void requestId_isTheCallers_whenItIsSane() {
    problem(
            as("dev").header("X-Request-Id", "abc.DEF_1-2").get("/v1/nothing").then(),
            404,
            "not-found")
        .header("X-Request-Id", "abc.DEF_1-2")
        .body("request_id", is("abc.DEF_1-2"));
    as("dev")
        .header("X-Request-Id", "a b")
        .get("/v1/quota")
        .then()
        .header("X-Request-Id", matchesPattern("[0-9a-f]{32}"));
    given().get("/q/openapi").then().statusCode(200).header("X-Request-Id", notNullValue());
  }

  @Test
  void mapping_isCacheable_whenKnown() {
    String tag =
        as("reader")
            .get(MAPPINGS + "/10154673853349851")
            .then()
            .statusCode(200)
            .header("Cache-Control", "private, no-cache")
            .body("asid", is("10154673853349851"))
            .body("psid", is("1535748669783931"))
            .body("status", is("mapped"))
            .body("source", is("store"))
            .body("resolved_at", is("2026-11-01T10:00:00Z"))
            .body("checked_at", is("2026-11-01T10:00:00Z"))
            .extract()
            .header("ETag");
    as("reader")
        .header("If-None-Match", "\"other\", " + tag)
        .get(MAPPINGS + "/10154673853349851")
        .then()
        .statusCode(304)
        .header("ETag", tag)
        .body(is(""));
    as("reader")
        .header("If-None-Match", "\"other\"")
        .get(MAPPINGS + "/10154673853349851")
        .then()
        .statusCode(200);
    as("reader")
        .get(MAPPINGS + "/1001789542988")
        .then()
        .statusCode(200)
        .body("psid", nullValue())
        .body("status", is("unmapped"));
  }

  @Test
  void mapping_isRefusedWithoutTheId_whenNotKnown() {
    problem(as("reader").get(MAPPINGS + "/5550001").then(), 404, "not-known")
        .body("instance", is("/v1/pages/100/mappings/{asid}"));
    problem(as("reader").get(MAPPINGS + "/077").then(), 400, "malformed-request")
        .body("instance", is("/v1/pages/100/mappings/{asid}"));
    problem(as("reader").get("/v1/pages/999/mappings/1").then(), 404, "unknown-page");
    problem(as("reader").get("/v1/pages/x/mappings/1").then(), 400, "malformed-request");
  }

  @Test
  void reverseLookUp_listsIds() {
    as("reader")
        .get(MAPPINGS + "?psid=1535748669783931")
        .then()
        .statusCode(200)
        .body("items.asid", is(List.of("10154673853349851")));
    as("reader").get(MAPPINGS + "?psid=1").then().statusCode(200).body("items", hasSize(0));
    problem(as("reader").get(MAPPINGS).then(), 400, "malformed-request")
        .body("parameter", is("psid"));
    problem(as("reader").get(MAPPINGS + "?psid=0").then(), 400, "malformed-request")
        .body("instance", is(MAPPINGS));
  }

  @Test
  void page_keepsWhatIsAbsent_whenChanged() {
    as("dev")
        .body("{\"name\":\"A\",\"fans\":5}")
        .put("/v1/pages/301")
        .then()
        .statusCode(201)
        .header("Location", endsWith("/v1/pages/301"));
    as("dev")
        .body("{\"paused\":true}")
        .put("/v1/pages/301")
        .then()
        .statusCode(200)
        .body("page_id", is("301"))
        .body("name", is("A"))
        .body("fans", is(5))
        .body("test_page", is(false))
        .body("paused", is(true))
        .body("pause_reason", is("operator"))
        .body("upstream", is("pages-id-mapping"))
        .body("token.set", is(false))
        .body("$", hasKey("cooldown_until"))
        .body("usage", notNullValue())
        .body("updated_at", containsString("T"));
    as("reader").get("/v1/pages/301").then().statusCode(200).body("name", is("A"));
    as("reader").get("/v1/pages").then().statusCode(200).body("items.page_id", hasItem("301"));
    problem(as("reader").get("/v1/pages/302").then(), 404, "unknown-page");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"fans\":-1}|/fans",
        "{\"fans\":\"1\"}|/fans",
        "{\"fans\":1.5}|/fans",
        "{\"name\":\" \"}|/name",
        "{\"name\":7}|/name",
        "{\"paused\":1}|/paused",
        "{\"Fans\":1}|/Fans",
        "{\"fans\":1,\"fans\":2}|``",
        "null|``",
        "[]|``",
        "``|``",
        "{} {}|``",
      })
  void page_isRefused_whenBodyIsNotAcceptable(String body, String pointer) {
    problem(as("dev").body(body).put("/v1/pages/100").then(), 400, "malformed-request")
        .body("errors[0].pointer", is(pointer));
  }

  @Test
  void page_isRefused_whenBodyIsTooLong() {
    String body = "{\"name\":\"" + "x".repeat(100_000) + "\"}";
    problem(as("dev").body(body).put("/v1/pages/100").then(), 413, "body-too-large");
  }

  @Test
  void page_isRefused_whenItWouldBeTheSixthTestPage() {
    for (int page = 401; page <= 405; page++) {
      as("dev").body("{\"test_page\":true}").put("/v1/pages/" + page);
    }
    problem(
        as("dev").body("{\"test_page\":true}").put("/v1/pages/406").then(),
        409,
        "too-many-test-pages");
  }

  @Test
  void token_isNeverShown() {
    String token = "EAAB-very-secret";
    as("dev")
        .body("{\"access_token\":\"" + token + "\"}")
        .put("/v1/pages/100/token")
        .then()
        .statusCode(204);
    as("dev")
        .get("/v1/pages/100")
        .then()
        .body("token.set", is(true))
        .body(not(containsString(token)));
    for (String bad : new String[] {"", " ", token + " x", token + "\\n", token.repeat(300)}) {
      problem(
              as("dev")
                  .body("{\"access_token\":\"" + bad + "\"}")
                  .put("/v1/pages/100/token")
                  .then(),
              400,
              "malformed-request")
          .body(not(containsString(token)));
    }
    problem(
            as("dev").body("{\"access_token\":\"" + token).put("/v1/pages/100/token").then(),
            400,
            "malformed-request")
        .body(not(containsString("very-secret")));
    problem(
        as("dev").body("{\"access_token\":\"t\"}").put("/v1/pages/999/token").then(),
        404,
        "unknown-page");
  }

  @Test
  void quotaAndWindow_areReadable() {
    as("reader")
        .get("/v1/quota")
        .then()
        .statusCode(200)
        .body("$", hasKey("reserve_floor"))
        .body("limit", notNullValue());
    as("reader")
        .get("/v1/window")
        .then()
        .statusCode(200)
        .body("state", is("open"))
        .body("$", hasKey("approved_on"))
        .body("$", hasKey("closes_at"))
        .body("days_remaining", nullValue());
  }

  @Test
  void failures_areProblems_whenTheyAreOurs() {
    problem(
            as("dev").body("{\"asids\":[\"666666666666\"]}").post(RESOLVE).then(),
            503,
            "unavailable")
        .header("Retry-After", Integer::parseInt, greaterThan(0));
    problem(as("dev").body("{\"asids\":[\"666666666667\"]}").post(RESOLVE).then(), 500, "internal")
        .body(not(containsString("ordered")))
        .body(not(containsString("Exception")));
  }
}
