package org.psidgateway.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.oneOf;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** How the tests of HTTP behaviour call the gateway, and what every problem must look like. */
public final class Http {
  public static final String RESOLVE = "/v1/pages/100/mappings/resolve";
  public static final String MAPPINGS = "/v1/pages/100/mappings";

  /** What {@link #know} lets the gateway know, in PostgreSQL. */
  public static final String MAPPED = "10154673853349851";

  public static final String PSID = "1535748669783931";
  public static final String UNMAPPED = "1001789542988";

  private Http() {}

  public static void know(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into mapping (page_id, asid, psid, resolved_at) values (100, "
              + MAPPED
              + ", "
              + PSID
              + ", '2026-11-01T10:00:00Z') on conflict do nothing");
      statement.execute(
          "insert into negative (page_id, asid, verdict, resolved_at, checked_at) values (100, "
              + UNMAPPED
              + ", -1, now(), now()) on conflict do nothing");
    }
  }

  /** Registers Page 100, or sets it right again. */
  public static void registerPage() {
    as("dev")
        .body("{\"name\":\"Shoes\",\"fans\":1000,\"paused\":false}")
        .put("/v1/pages/100")
        .then()
        .statusCode(oneOf(200, 201));
  }

  public static RequestSpecification as(String key) {
    return given().header("Authorization", "Bearer " + key).contentType("application/json");
  }

  public static ValidatableResponse problem(ValidatableResponse response, int status, String type) {
    return response
        .statusCode(status)
        .contentType(equalTo("application/problem+json"))
        .header("X-Request-Id", matchesPattern("[!-~]{1,128}"))
        .header("Date", matchesPattern("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} .* GMT"))
        .body("type", is("/problems/" + type))
        .body("status", is(status))
        .body("title", notNullValue())
        .body("detail", notNullValue())
        .body("instance", matchesPattern("/[A-Za-z0-9._~/-]*"))
        .body("request_id", matchesPattern("[!-~]{1,128}"));
  }

  /** What comes back for these very bytes, until the server closes the connection. */
  public static String raw(URI server, String bytes) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Sends these very bytes and hangs up. */
  public static void rawUnread(URI server, String bytes) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
    }
  }

  public static String list(int ids) {
    return IntStream.rangeClosed(1, ids)
        .mapToObj(i -> "\"" + i + "\"")
        .collect(Collectors.joining(",", "{\"mode\":\"known_only\",\"asids\":[", "]}"));
  }

  public static String padded(int bytes) {
    return "{\"asids\":[\"1\",\"2\"]" + " ".repeat(bytes) + "}";
  }
}
