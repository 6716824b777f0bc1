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
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.problem;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.psidgateway.api.Http;
import org.psidgateway.testing.LogLines;

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
  void pageWithoutFans_thatLiftsTheQuota_isLogged_once() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("delete from page");
      statement.execute("insert into page (page_id, fans) values (303, 5000)");
      try (LogLines log = LogLines.of("")) {
        as("dev").body("{\"fans\":1000}").put("/v1/pages/304").then().statusCode(201);
        as("dev").body("{}").put("/v1/pages/305").then().statusCode(201);
        as("dev").body("{}").put("/v1/pages/305").then().statusCode(200);
        as("dev").body("{}").put("/v1/pages/306").then().statusCode(201);

        assertThat(log.seen())
            .filteredOn(line -> line.contains("the lifetime quota rose"))
            .singleElement()
            .asString()
            .startsWith("WARN Page 305 ")
            .contains("from 60 to 5000000");
      }
      statement.execute("delete from page");
    }
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
