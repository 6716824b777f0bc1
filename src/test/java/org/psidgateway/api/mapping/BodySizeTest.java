package org.psidgateway.api.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;
import static org.psidgateway.api.Http.RESOLVE;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.list;
import static org.psidgateway.api.Http.padded;
import static org.psidgateway.api.Http.problem;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.api.Http;

/** Bodies up to, at and far beyond their bounds. */
@QuarkusTest
class BodySizeTest {
  private final HttpClient client = HttpClient.newHttpClient();

  @TestHTTPResource URI url;

  @BeforeEach
  void registerPage() {
    Http.registerPage();
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
            Http.raw(
                url,
                "POST " + RESOLVE + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000000\r\n\r\n"))
        .startsWith("HTTP/1.1 413")
        .containsIgnoringCase("content-type: application/problem+json")
        .containsIgnoringCase("x-request-id: ")
        .contains("/problems/body-too-large");
    assertThat(Http.raw(url, "GET /v1/pages HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .containsIgnoringCase("content-type: application/problem+json")
        .containsIgnoringCase("x-request-id: ")
        .contains("/problems/malformed-request");
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
}
