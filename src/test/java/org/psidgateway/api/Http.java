package org.psidgateway.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How the tests of HTTP behaviour call the gateway, and what every problem must look like. */
final class Http {
  static final String RESOLVE = "/v1/pages/100/mappings/resolve";
  static final String MAPPINGS = "/v1/pages/100/mappings";

  private Http() {}

  /** Registers Page 100, or sets it right again. */
  static void registerPage() {
    as("dev")
        .body("{\"name\":\"Shoes\",\"fans\":1000,\"paused\":false}")
        .put("/v1/pages/100")
        .then()
        .statusCode(oneOf(200, 201));
  }

  static RequestSpecification as(String key) {
    return given().header("Authorization", "Bearer " + key).contentType("application/json");
  }

  static ValidatableResponse problem(ValidatableResponse response, int status, String type) {
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

  static String list(int ids) {
    return IntStream.rangeClosed(1, ids)
        .mapToObj(i -> "\"" + i + "\"")
        .collect(Collectors.joining(",", "{\"mode\":\"known_only\",\"asids\":[", "]}"));
  }

  static String padded(int bytes) {
    return "{\"asids\":[\"1\",\"2\"]" + " ".repeat(bytes) + "}";
  }
}
