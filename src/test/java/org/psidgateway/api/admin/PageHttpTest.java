package org.psidgateway.api.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.problem;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.api.Http;
import org.psidgateway.testing.LogLines;
import org.psidgateway.testing.Sql;

/** Pages, their tokens, quota and window over HTTP. */
@QuarkusTest
class PageHttpTest {
  @Inject AgroalDataSource database;

  @BeforeEach
  void registerPage() {
    Http.registerPage();
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

  @Test
  void change_thatMovesTheQuotaLimit_saysSo_inItsAnswerAndInTheLog() {
    Sql sql = new Sql(database);
    sql.execute("delete from page");
    try (LogLines log = LogLines.of("")) {
      assertMoves("304", "{\"name\":\"A\"}", "none");
      assertMoves("304", "{\"fans\":250000}", "5000000 2500");
      assertMoves("304", "{\"fans\":250000,\"name\":null}", "none");
      assertMoves("305", "{}", "2500 5000000");
      assertMoves("305", "{\"paused\":true}", "none");
      assertMoves("306", "{\"fans\":1}", "none");
      assertMoves("305", "{\"fans\":5000}", "5000000 2550");
      assertMoves("305", "{\"fans\":null}", "2550 5000000");
      as("dev").delete("/v1/pages/305").then().statusCode(204);
      as("reader").get("/v1/quota").then().body("limit", is(2500));
      as("dev").delete("/v1/pages/304?keep_mappings=true").then().statusCode(204);
      as("reader").get("/v1/quota").then().body("limit", is(0)); // of one fan
      as("dev").body("{\"access_token\":\"t\"}").put("/v1/pages/304/token");
      as("reader").get("/v1/quota").then().body("limit", is(5_000_000));

      assertThat(log.seen())
          .filteredOn(line -> line.contains("moved the lifetime quota limit"))
          .hasSize(7)
          .first()
          .asString()
          .startsWith("WARN A change of Page 304 ")
          .contains("from 5000000 to 2500");
    } finally {
      sql.execute("delete from page");
    }
  }

  private static void assertMoves(String page, String body, String limits) {
    ValidatableResponse answer = as("dev").body(body).put("/v1/pages/" + page).then();
    answer.statusCode(oneOf(200, 201));
    if (limits.equals("none")) {
      answer
          .body("$", not(hasKey("quota_limit_before")))
          .body("$", not(hasKey("quota_limit_after")));
    } else {
      answer
          .body("quota_limit_before", is(Integer.valueOf(limits.split(" ")[0])))
          .body("quota_limit_after", is(Integer.valueOf(limits.split(" ")[1])));
    }
    as("reader").get("/v1/pages/" + page).then().body("$", not(hasKey("quota_limit_before")));
  }

  @Test
  void nullClearsNameAndFans_andIsAsAbsentElsewhere() {
    as("dev").body("{\"name\":\"A\",\"fans\":5,\"paused\":true}").put("/v1/pages/307");

    as("dev")
        .body("{\"name\":null,\"fans\":null,\"test_page\":null,\"paused\":null}")
        .put("/v1/pages/307")
        .then()
        .statusCode(200)
        .body("name", nullValue())
        .body("fans", nullValue())
        .body("test_page", is(false))
        .body("paused", is(true));
    as("dev").delete("/v1/pages/307").then().statusCode(204);
  }

  @Test
  void page_isDeleted_andMayBeRegisteredAnew() {
    as("dev").body("{\"name\":\"A\"}").put("/v1/pages/308").then().statusCode(201);

    as("dev").delete("/v1/pages/308").then().statusCode(204);

    problem(as("reader").get("/v1/pages/308").then(), 404, "unknown-page");
    problem(as("dev").delete("/v1/pages/308").then(), 404, "unknown-page");
    problem(as("dev").delete("/v1/pages/308?keep_mappings=true").then(), 404, "unknown-page");
    problem(
        as("dev").body("{\"access_token\":\"t\"}").put("/v1/pages/308/token").then(),
        404,
        "unknown-page");
    as("dev")
        .body("{}")
        .put("/v1/pages/308")
        .then()
        .statusCode(201)
        .body("name", nullValue())
        .body("archived", is(false));
    as("dev").delete("/v1/pages/308?keep_mappings=false").then().statusCode(204);
  }

  @Test
  void pageWithMappings_isNotDeleted_butMayBeArchived() throws SQLException {
    Http.know(database);
    as("dev").body("{\"access_token\":\"t\"}").put("/v1/pages/100/token");

    problem(as("dev").delete("/v1/pages/100").then(), 409, "page-in-use")
        .body("detail", containsString("keep_mappings=true"));
    as("dev").delete("/v1/pages/100?keep_mappings").then().statusCode(204);

    as("reader")
        .get("/v1/pages/100")
        .then()
        .body("archived", is(true))
        .body("paused", is(true))
        .body("pause_reason", is("archived"))
        .body("fans", nullValue())
        .body("token.set", is(false));
    as("reader").get(Http.MAPPINGS + "/" + Http.MAPPED).then().statusCode(200);
    as("dev")
        .header("Prefer", "wait=10")
        .body("{\"asids\":[\"" + Http.MAPPED + "\",\"4242424242\"]}")
        .post(Http.RESOLVE)
        .then()
        .statusCode(200)
        .body("mappings", hasKey(Http.MAPPED))
        .body("unresolved[0].status", is("failed"))
        .body("unresolved[0].reason", is("page_paused"));
    as("dev").body("{\"access_token\":\"t\"}").put("/v1/pages/100/token");
    as("reader").get("/v1/pages/100").then().body("archived", is(false)).body("paused", is(false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "TRUE", "1"})
  void delete_isRefused_whenItsParameterIsMalformed(String value) {
    problem(
            as("dev").delete("/v1/pages/100?keep_mappings=" + value).then(),
            400,
            "malformed-request")
        .body("parameter", is("keep_mappings"));
    problem(as("dev").delete("/v1/pages/x").then(), 400, "malformed-request");
    problem(as("reader").delete("/v1/pages/100").then(), 403, "missing-role")
        .body("required_role", is("admin"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"fans\":-1}|/fans",
        "{\"fans\":1000000000001}|/fans",
        "{\"fans\":9223372036854775807}|/fans",
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
}
