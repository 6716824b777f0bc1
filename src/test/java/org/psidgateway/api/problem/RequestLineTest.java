package org.psidgateway.api.problem;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.problem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.api.Http;

/** Targets and methods that lead nowhere. */
@QuarkusTest
class RequestLineTest {
  private static final String ID = "10154673853349851";

  @TestHTTPResource URI url;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/pages/100/mappings?psid={{psid}}",
        "/v1/pages/100/mappings?psid=1|2",
        "/v1/pages/100/mappings/100%",
        "/v1/pages/100/mappings/%zz",
        "/v1/pages/100/mappings/%",
        "/v1/{{" + ID + "}}",
        "/v1/pages/\\/" + ID,
        "//",
        "?" + ID,
      })
  void target_isMalformed_whenItIsNoUri(String target) throws IOException {
    problemOf(Http.raw(url, get(target)), 400, "malformed-request");
  }

  @ParameterizedTest
  @ValueSource(strings = {ID, "//" + ID + "/x", "http://" + ID, "http://x/" + ID, "/a/../" + ID})
  void target_isNotFound_whenNothingIsThere(String target) throws IOException {
    problemOf(Http.raw(url, get(target)), 404, "not-found");
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  }

  private static void problemOf(String answer, int status, String type) throws IOException {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status)
        .containsIgnoringCase("content-type: application/problem+json")
        .containsPattern("(?i)\r\nx-request-id: [0-9a-f]{32}\r\n")
        .containsPattern("(?i)\r\ndate: [A-Z][a-z]{2}, [0-9]{2} ")
        .doesNotContain(ID);
    JsonNode body =
        new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")).strip());
    assertThat(body.get("type").asText()).isEqualTo("/problems/" + type);
    assertThat(URI.create(body.get("instance").asText()).getPath()).startsWith("/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/v1/pages/100/mappings/resolve|OPTIONS, POST",
        "HEAD|/v1/pages/100/mappings/resolve|OPTIONS, POST",
        "PUT|/v1/pages/100/mappings/resolve/|OPTIONS, POST",
        "DELETE|/v1/pages/100/mappings/10154673853349851|GET, HEAD, OPTIONS",
        "DELETE|/v1/pages/x/mappings/77x|GET, HEAD, OPTIONS",
        "POST|/v1/pages/100/mappings|GET, HEAD, OPTIONS",
        "PATCH|/v1/pages/100|DELETE, GET, HEAD, OPTIONS, PUT",
        "POST|/v1/pages|GET, HEAD, OPTIONS",
        "GET|/v1/pages/100/token|OPTIONS, PUT",
        "TRACE|/v1/quota|GET, HEAD, OPTIONS",
        "X10154673853349851|/v1/quota|GET, HEAD, OPTIONS",
        "GET|/v1/quota/reconciliations|OPTIONS, POST",
        "GET|/v1/window/seal|OPTIONS, POST",
        "GET|/v1/logging/org.psidgateway|OPTIONS, PUT",
        "POST|/problems/internal|GET, HEAD, OPTIONS",
        "DELETE|/q/openapi|GET, HEAD, OPTIONS",
      })
  void wrongMethod_isRefused_andOptionsSayTheSame(String method, String path, String allow) {
    if (method.equals("HEAD")) { // has no body
      given().head(path).then().statusCode(405).header("Allow", allow);
    } else {
      problem(as("dev").request(method, path).then(), 405, "method-not-allowed")
          .header("Allow", allow);
    }
    given().options(path).then().statusCode(200).header("Allow", allow).body(is(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1",
        "/v1/nothing",
        "/v1/pages/100/mapping",
        "/v1/quota/x",
        "/q/nothing",
        "/problems/nope"
      })
  void options_areNotFound_whereNothingIs(String path) {
    problem(given().options(path).then(), 404, "not-found");
  }

  @Test
  void problemThatThereIsNot_isNotFound_byWhateverMethod() {
    for (String method : new String[] {"GET", "POST", "DELETE"}) {
      problem(given().request(method, "/problems/nope").then(), 404, "not-found");
    }
    given().options("/problems/internal/").then().statusCode(200);
  }

  @Test
  void connectionGoesOn_whenARefusedRequestHadABody() throws IOException {
    String body = "x".repeat(300_000);
    String refused = "DELETE /v1/pages/100/mappings/1 HTTP/1.1\r\nHost: x\r\nContent-Length: ";
    String answers =
        Http.raw(url, refused + body.length() + "\r\n\r\n" + body + get("/v1/nothing"));
    assertThat(answers).startsWith("HTTP/1.1 405").contains("HTTP/1.1 404");
  }
}
