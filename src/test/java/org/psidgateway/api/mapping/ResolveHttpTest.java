package org.psidgateway.api.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.psidgateway.api.Http.MAPPED;
import static org.psidgateway.api.Http.PSID;
import static org.psidgateway.api.Http.RESOLVE;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.problem;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.psidgateway.api.Http;

/** What a client of the main job may rely on. */
@QuarkusTest
class ResolveHttpTest {
  private final DataSource database;

  ResolveHttpTest(DataSource database) {
    this.database = database;
  }

  @BeforeEach
  void registerPage() throws SQLException {
    Http.registerPage();
    Http.know(database);
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
        .header("Vary", "Prefer")
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
    ExtractableResponse<Response> answer =
        as("dev")
            .header("Prefer", "respond-async, wait=0")
            .body("{\"asids\":[\"" + MAPPED + "\",\"5550001\"]}")
            .post(RESOLVE)
            .then()
            .statusCode(200)
            .body("mappings." + MAPPED, is(PSID))
            .body("unresolved[0].status", is("pending"))
            .body("summary.mapped", is(1))
            .body("summary.pending", is(1))
            .extract();
    int wait = answer.path("unresolved[0].retry_after_seconds");
    assertThat(wait).isPositive();
    assertThat(Integer.parseInt(answer.header("Retry-After"))).isGreaterThan(wait);
  }

  @Test
  void resolve_sendsNoRetryAfter_whenNothingIsPending() {
    as("reader")
        .header("Prefer", "wait=31")
        .body("{\"asids\":[\"5550002\"],\"mode\":\"known_only\"}")
        .post(RESOLVE)
        .then()
        .statusCode(200)
        .header("Retry-After", nullValue())
        .header("Preference-Applied", "wait=30")
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
        "{\"asids\":null}|/asids",
        "{\"asids\":[\"1\"],\"mode\":null,\"mode\":null}|/mode",
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
  void nullFields_areAsAbsent() {
    as("dev")
        .body(
            "{\"asids\":[\""
                + MAPPED
                + "\"],\"mode\":null,\"priority\":null,\"ids_may_be_psids\":null}")
        .post(RESOLVE)
        .then()
        .statusCode(200)
        .body("mappings." + MAPPED, is(PSID));
  }

  @Test
  void idThatMayBeAPsid_answersItself_thoughTheUpstreamKnewNoSuchAsid() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into mapping (page_id, asid, psid, resolved_at)"
              + " values (100, 8800001, 8800011, now()) on conflict do nothing");
      statement.execute(
          "insert into negative (page_id, asid, verdict, resolved_at, checked_at)"
              + " select 100, id, -2, now(), now() from unnest(array[8800011, 8800012]) id"
              + " on conflict do nothing");
    }
    for (String from : List.of("store", "cache")) {
      as("dev")
          .body("{\"asids\":[\"8800011\",\"8800012\"]}")
          .post(RESOLVE)
          .then()
          .body("unresolved.reason", is(List.of("rejected_by_upstream", "rejected_by_upstream")))
          .body("summary.from." + from, is(2));
      as("dev")
          .body("{\"ids_may_be_psids\":true,\"asids\":[\"8800011\",\"8800012\"]}")
          .post(RESOLVE)
          .then()
          .statusCode(200)
          .body("mappings", is(Map.of("8800011", "8800011")))
          .body("unresolved.asid", is(List.of("8800012")))
          .body("unresolved.reason", is(List.of("rejected_by_upstream")))
          .body("summary.pending", is(0));
    }
  }

  @Test
  void resolve_listsTwentyMistakes_whenThereAreMore() {
    String numbers =
        IntStream.range(0, 50).mapToObj(String::valueOf).collect(Collectors.joining(","));
    problem(
            as("dev").body("{\"asids\":[" + numbers + "]}").post(RESOLVE).then(),
            400,
            "malformed-request")
        .body("errors", hasSize(20));
  }
}
