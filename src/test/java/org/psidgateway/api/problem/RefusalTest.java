package org.psidgateway.api.problem;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.psidgateway.api.Http.RESOLVE;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.list;
import static org.psidgateway.api.Http.padded;
import static org.psidgateway.api.Http.problem;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Headers;
import java.net.URI;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.api.Http;

/** Who and what is refused, in which order, and in which words. */
@QuarkusTest
class RefusalTest {
  @TestHTTPResource(value = "/nothing", management = true)
  URI management;

  @BeforeEach
  void registerPage() {
    Http.registerPage();
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
        .header("WWW-Authenticate", "Bearer")
        .body("detail", containsString("Authorization: Bearer"));
    problem(given().get("/v1/pages").then(), 401, "unauthenticated");
    problem(
            given().auth().preemptive().basic("dev", "dev").get("/v1/quota").then(),
            401,
            "unauthenticated")
        .header("WWW-Authenticate", "Bearer");
  }

  @Test
  void wrongKey_isSaidToBeWrong() {
    for (String key : new String[] {"wrong", "dev2", ""}) {
      problem(
              given().header("Authorization", "Bearer " + key).get("/v1/quota").then(),
              401,
              "unauthenticated")
          .header("WWW-Authenticate", key.isEmpty() ? "Bearer" : "Bearer error=\"invalid_token\"")
          .body("detail", key.isEmpty() ? containsString("Send") : containsString("misspelt"));
    }
    problem(as("wrong").body(list(1)).post(RESOLVE).then(), 401, "unauthenticated")
        .header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
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
  void callersOwnLimit_isCheckedAfterAllOtherRefusals_andCountsEachIdOnce() {
    String same = "{\"mode\":\"known_only\",\"asids\":[\"1\",\"1\",\"1x\"]}";
    as("limited").body(same).post(RESOLVE).then().statusCode(200);
    as("limited").body(list(59)).post(RESOLVE).then().statusCode(200);

    Headers refused =
        problem(as("limited").body(list(30)).post(RESOLVE).then(), 429, "caller-limit")
            .body("ids_per_minute", is(60))
            .extract()
            .headers();
    assertThat(StructuredField.list(refused.getValue("RateLimit-Policy")))
        .containsExactly(
            new StructuredField("ids", Map.of("q", 60L, "w", 60L, "gateway-unit", "ids")));
    StructuredField limit = StructuredField.list(refused.getValue("RateLimit")).get(0);
    assertThat(limit.item()).isEqualTo("ids");
    assertThat(limit.parameters()).containsOnlyKeys("r", "t");
    assertThat((Long) limit.parameters().get("r")).isBetween(0L, 29L);
    assertThat((Long) limit.parameters().get("t")).isBetween(1L, 30L);
    assertThat(Long.valueOf(refused.getValue("Retry-After")))
        .isGreaterThanOrEqualTo((Long) limit.parameters().get("t"));

    String unknown = "/v1/pages/999/mappings/resolve";
    problem(as("limited").body(list(30)).post(unknown).then(), 404, "unknown-page");
    problem(as("limited").body("{}").post(RESOLVE).then(), 400, "malformed-request");
    as("limited").get("/v1/pages/100").then().statusCode(200);
    as("reader").body(list(30)).post(RESOLVE).then().statusCode(200);
  }

  @Test
  void frameworkErrors_areProblems() {
    problem(as("dev").get("/v1/nothing").then(), 404, "not-found");
    problem(as("dev").get("/nothing/12345678").then(), 404, "not-found")
        .body("instance", is("/nothing/-"));
    problem(as("dev").delete("/v1/pages/100/token").then(), 405, "method-not-allowed")
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

  @ParameterizedTest
  @ValueSource(strings = {"POST " + RESOLVE, "PUT /v1/pages/100", "POST /v1/window/seal"})
  void codedBody_isRefused_andTheCodingNamed(String call) {
    String method = call.substring(0, call.indexOf(' '));
    String path = call.substring(call.indexOf(' ') + 1);
    problem(
            as("dev").header("Content-Encoding", "GZIP").body("x").request(method, path).then(),
            415,
            "unsupported-media-type")
        .header("Accept-Encoding", "identity")
        .body("detail", containsString("gzip"));
  }

  @Test
  void uncodedBody_isTaken_whateverItsCodingIsCalled() {
    for (String none : new String[] {"identity", "Identity", ""}) {
      as("dev").header("Content-Encoding", none).body(list(1)).post(RESOLVE).then().statusCode(200);
    }
  }

  @Test
  void managementPort_refusesAlike() {
    problem(given().get(management).then(), 404, "not-found");
    problem(given().delete(management).then(), 404, "not-found");
    problem(given().options(management).then(), 404, "not-found");
    problem(given().delete(management.resolve("/q/healthy")).then(), 404, "not-found");
    problem(given().delete(management.resolve("/q/health/nothing")).then(), 404, "not-found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/q/metrics",
        "/q/metrics/",
        "/q/health/group/x",
        "/q/health",
        "/q/health/live",
        "/q/health/ready",
        "/q/health/started"
      })
  void managementPort_isReadOnly(String path) {
    URI url = management.resolve(path);
    for (String method : new String[] {"DELETE", "POST", "PUT", "PATCH", "TRACE"}) {
      problem(given().request(method, url).then(), 405, "method-not-allowed")
          .header("Allow", "GET, HEAD, OPTIONS");
    }
    given().options(url).then().statusCode(200).header("Allow", "GET, HEAD, OPTIONS");
    given().head(url).then().statusCode(200);
    given().get(url).then().statusCode(200);
  }

  @Test
  void requestId_isTheCallers_whenItIsSane() {
    problem(
            as("dev").header("X-Request-Id", "abc.DEF_1-2").get("/v1/nothing").then(),
            404,
            "not-found")
        .header("X-Request-Id", "abc.DEF_1-2")
        .body("request_id", is("abc.DEF_1-2"));
    for (String id : new String[] {"0HMV9F6C3U1T2:00000003", "a#4=+/\"\\", "~".repeat(128)}) {
      problem(as("dev").header("X-Request-Id", id).get("/v1/nothing").then(), 404, "not-found")
          .header("X-Request-Id", id)
          .body("request_id", is(id));
    }
    as("dev")
        .header("X-Request-Id", "~".repeat(129))
        .get("/v1/quota")
        .then()
        .header("X-Request-Id", matchesPattern("[0-9a-f]{32}"));
    as("dev")
        .header("X-Request-Id", "a b")
        .get("/v1/quota")
        .then()
        .header("X-Request-Id", matchesPattern("[0-9a-f]{32}"));
    given().get("/q/openapi").then().statusCode(200).header("X-Request-Id", notNullValue());
  }

  @Test
  void failures_revealNothingOfTheirCauses_whenTheyAreOurs() {
    Problem bug = ProblemMappers.unexpected(new IllegalStateException("a detail"));
    assertThat(bug.type()).isEqualTo(ProblemType.INTERNAL);
    assertThat(bug.getMessage()).doesNotContain("a detail");
    for (String state : new String[] {"08006", "57P01", "53300", null}) {
      Throwable away = new IllegalStateException(new SQLException("a detail", state));
      Problem unavailable = ProblemMappers.unexpected(away);
      assertThat(unavailable.type()).isEqualTo(ProblemType.UNAVAILABLE);
      assertThat(unavailable.headers()).containsKey("Retry-After");
    }
    Throwable statement = new IllegalStateException(new SQLException("a detail", "42601"));
    assertThat(ProblemMappers.unexpected(statement).type()).isEqualTo(ProblemType.INTERNAL);
  }
}
