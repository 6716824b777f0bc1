package org.psidgateway.api.problem;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.api.Http.MAPPINGS;
import static org.psidgateway.api.Http.RESOLVE;
import static org.psidgateway.api.Http.as;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.api.Http;
import org.psidgateway.testing.LogLines;

/** Whatever is sent: no id gets into the meters or the log, and nothing blinds the meters. */
@QuarkusTest
class HttpLabelsTest {
  /** Stands in every id that is sent here, and nowhere else. */
  private static final String MARK = "44774477";

  private static final Pattern HTTP = Pattern.compile("http_server_requests_seconds_count\\{.*");

  @TestHTTPResource URI url;

  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  private int ids;

  @BeforeEach
  void registerPage() {
    Http.registerPage();
  }

  private String id() {
    return MARK + (100_000 + ids++);
  }

  @Test
  void odd_requests_leaveNoIdBehind_andNewPathsAreStillCounted() throws IOException {
    int before = series().size(); // of other tests
    try (LogLines log = LogLines.of("")) {
      for (int i = 0; i < 120; i++) {
        given().delete(MAPPINGS + "/" + id());
        given().get("/" + id() + "/x");
        Http.raw(url, get("//" + id()));
      }
      sendOneOfEachKind();
      hangUp("POST /v1/pages/" + id() + "/mappings/resolve");
      hangUp("PUT /" + id() + "/" + id());
      as("dev").put("/v1/logging/org.psidgateway.nothing").then().statusCode(400);

      List<String> series = Awaitility.await().until(this::series, this::hasReset);
      assertThat(series)
          .noneMatch(line -> line.contains(MARK))
          .anyMatch(line -> line.contains("uri=\"/v1/logging/{category}\""))
          .anyMatch(
              line ->
                  line.contains("uri=\"/v1/pages/{page_id}/mappings/{asid}\"")
                      && line.contains("405"))
          .hasSizeLessThan(before + 60);
      assertThat(log.seen()).noneMatch(line -> line.contains(MARK));
    }
  }

  private void sendOneOfEachKind() throws IOException {
    String mapping = MAPPINGS + "/";
    given().get(mapping + id()).then().statusCode(401);
    given().header("Authorization", "Bearer " + id()).get(mapping + id()).then().statusCode(401);
    as("exporter").get(mapping + id()).then().statusCode(403);
    as("dev").get(mapping + id()).then().statusCode(404);
    as("dev").get(mapping + id() + "x").then().statusCode(400);
    as("dev").get("/v1/pages/" + id() + "/mappings/" + id()).then().statusCode(404);
    as("dev").accept("text/html").get(mapping + id()).then().statusCode(406);
    as("dev").body(Http.padded(2 << 20)).post("/v1/pages/" + id() + "/mappings/resolve");
    as("dev").contentType("text/plain").body("x").post(RESOLVE + "?x=" + id());
    as("dev").header("Content-Encoding", id()).body("{}").post(RESOLVE).then().statusCode(415);
    as("dev").body("{\"" + id() + "\":1}").post(RESOLVE).then().statusCode(400);
    as("dev").body("{\"level\":\"" + id() + "\"}").put("/v1/logging/org.psidgateway");
    as("dev").options(mapping + id()).then().statusCode(200);
    as("dev").options("/" + id()).then().statusCode(404);
    as("dev").request("X" + id(), mapping + id()).then().statusCode(405);
    for (String target :
        List.of(id(), "?" + id(), "/%zz" + id(), "/v1/{" + id(), "http://" + id(), "/q/" + id())) {
      Http.raw(url, get(target));
      Http.raw(metrics, get(target));
    }
    Http.raw(url, get("//" + id() + "/" + "a".repeat(10_000)));
    String odd = "GET //" + id() + " HTTP/1.1\r\nConnection: close\r\n";
    Http.raw(url, odd + "X-A: " + "a".repeat(30_000) + "\r\n\r\n");
    Http.raw(url, odd + "Content-Length: x\r\n\r\n");
  }

  private void hangUp(String requestLine) throws IOException {
    Http.rawUnread(
        url,
        requestLine
            + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer dev\r\nContent-Type: application/json"
            + "\r\nContent-Length: 100\r\n\r\n{");
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  }

  private List<String> series() {
    String scrape = given().get(metrics).then().statusCode(200).extract().asString();
    assertThat(scrape).doesNotContain(MARK);
    return Stream.of(scrape.split("\n", -1))
        .filter(HTTP.asMatchPredicate())
        .collect(Collectors.toList());
  }

  private boolean hasReset(List<String> series) {
    return series.stream().anyMatch(line -> line.contains("status=\"RESET\""));
  }
}
