package org.psidgateway.api;

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

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages, their tokens, quota and window over HTTP. */
@QuarkusTest
class PageHttpTest {
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
