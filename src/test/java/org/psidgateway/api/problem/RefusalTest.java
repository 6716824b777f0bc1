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

import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.api.Http;

/** Who and what is refused, in which order, and in which words. */
@QuarkusTest
class RefusalTest {
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
  void callersOwnLimit_isCheckedAfterAllOtherRefusals_andCountsEachIdOnce() {
    String same = "{\"mode\":\"known_only\",\"asids\":[\"1\",\"1\",\"1x\"]}";
    as("limited").body(same).post(RESOLVE).then().statusCode(200);
    as("limited").body(list(59)).post(RESOLVE).then().statusCode(200);

    problem(as("limited").body(list(30)).post(RESOLVE).then(), 429, "caller-limit")
        .body("ids_per_minute", is(60))
        .header("Retry-After", matchesPattern("[1-9][0-9]?"))
        .header("RateLimit-Policy", is("\"ids\";q=60;w=60"))
        .header("RateLimit", matchesPattern("\"ids\";r=[0-9]+;t=[1-9][0-9]?"));

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
