package org.psidgateway.api.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.psidgateway.api.Http.MAPPINGS;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.problem;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.api.Http;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.model.PageId;

/** Look-ups over HTTP. */
@QuarkusTest
class MappingHttpTest {
  private final DataSource database;
  private final MeterRegistry registry;
  private final MappingCache cache;

  MappingHttpTest(DataSource database, MeterRegistry registry, MappingCache cache) {
    this.database = database;
    this.registry = registry;
    this.cache = cache;
  }

  @BeforeEach
  void registerPage() throws SQLException {
    Http.registerPage();
    Http.know(database);
  }

  @Test
  void mapping_isCacheable_whenKnown() {
    String tag =
        as("reader")
            .get(MAPPINGS + "/10154673853349851")
            .then()
            .statusCode(200)
            .header("Cache-Control", "private, no-cache")
            .body("asid", is("10154673853349851"))
            .body("psid", is("1535748669783931"))
            .body("status", is("mapped"))
            .body("source", oneOf("cache", "store"))
            .body("resolved_at", is("2026-11-01T10:00:00Z"))
            .body("checked_at", is("2026-11-01T10:00:00Z"))
            .extract()
            .header("ETag");
    as("reader")
        .header("If-None-Match", "\"other\", " + tag)
        .get(MAPPINGS + "/10154673853349851")
        .then()
        .statusCode(304)
        .header("ETag", tag)
        .header("Date", endsWith(" GMT"))
        .body(is(""));
    as("reader")
        .header("If-None-Match", "\"other\"")
        .get(MAPPINGS + "/10154673853349851")
        .then()
        .statusCode(200);
    as("reader")
        .get(MAPPINGS + "/1001789542988")
        .then()
        .statusCode(200)
        .body("psid", nullValue())
        .body("status", is("unmapped"));
  }

  @Test
  void mapping_looksTheSame_whereverItIsRead_whenItsTimeHasAFraction() throws SQLException {
    know("7700001", "77000011");
    ExtractableResponse<Response> fromStore = look("7700001", "store");
    ExtractableResponse<Response> fromCache = look("7700001", "cache");
    assertThat(fromCache.header("ETag")).isEqualTo(fromStore.header("ETag")).startsWith("W/\"");

    know("7700002", "77000022");
    as("reader")
        .body("{\"mode\":\"known_only\",\"asids\":[\"7700002\"]}")
        .post(MAPPINGS + "/resolve")
        .then()
        .statusCode(200);
    look("7700002", "cache");
    as("reader")
        .get(MAPPINGS + "?psid=77000022")
        .then()
        .body("items[0].resolved_at", is("2026-11-01T10:00:00Z"));
  }

  @Test
  void negative_looksTheSame_whereverItIsRead_thoughItWasCheckedAgain() throws SQLException {
    knowNegative("7700011");
    ExtractableResponse<Response> fromStore = lookUp("7700011", "store");
    assertSame(lookUp("7700011", "cache"), fromStore);

    knowNegative("7700012");
    as("reader")
        .body("{\"mode\":\"known_only\",\"asids\":[\"7700012\"]}")
        .post(MAPPINGS + "/resolve")
        .then()
        .statusCode(200);
    ExtractableResponse<Response> fromList = lookUp("7700012", "cache");
    cache.evict(new PageId(100), new long[] {7700012}).await().atMost(Duration.ofSeconds(5));
    assertSame(fromList, lookUp("7700012", "store"));
  }

  private static void assertSame(
      ExtractableResponse<Response> one, ExtractableResponse<Response> other) {
    assertThat(one.header("ETag")).isEqualTo(other.header("ETag"));
    for (String time : List.of("resolved_at", "checked_at")) {
      assertThat(one.<String>path(time)).isEqualTo(other.path(time)).endsWith(":00Z");
    }
  }

  /** Asked first in September, and again a minute ago, at a fraction of a second. */
  private void knowNegative(String asid) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into negative (page_id, asid, verdict, resolved_at, checked_at)
          values (100, %s, -1, '2026-09-01T10:00:00Z',
                  date_trunc('minute', ledger_now()) - interval '59.3 seconds')
          on conflict do nothing
          """
              .formatted(asid));
    }
  }

  private static ExtractableResponse<Response> lookUp(String asid, String source) {
    return as("reader")
        .get(MAPPINGS + "/" + asid)
        .then()
        .statusCode(200)
        .body("source", is(source))
        .body("psid", nullValue())
        .extract();
  }

  private static ExtractableResponse<Response> look(String asid, String source) {
    return as("reader")
        .get(MAPPINGS + "/" + asid)
        .then()
        .statusCode(200)
        .body("source", is(source))
        .body("resolved_at", is("2026-11-01T10:00:00Z"))
        .body("checked_at", is("2026-11-01T10:00:00Z"))
        .extract();
  }

  private void know(String asid, String psid) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into mapping (page_id, asid, psid, resolved_at) values (100, %s, %s,"
                  .formatted(asid, psid)
              + " '2026-11-01T10:00:00.7Z') on conflict do nothing");
    }
  }

  @Test
  void lookUp_thatMissesTheCache_countsOnce() {
    double before = misses();
    as("reader").get(MAPPINGS + "/7700003").then().statusCode(404);
    assertThat(misses() - before).isEqualTo(1);
  }

  private double misses() {
    return registry
        .get("gateway.cache.requests")
        .tags("tier", "l1", "result", "miss")
        .counter()
        .count();
  }

  @Test
  void mapping_isRefusedWithoutTheId_whenNotKnown() {
    problem(as("reader").get(MAPPINGS + "/5550003").then(), 404, "not-known")
        .body("instance", is("/v1/pages/100/mappings/-"));
    problem(as("reader").get(MAPPINGS + "/077").then(), 400, "malformed-request")
        .body("instance", is("/v1/pages/100/mappings/-"));
    problem(as("reader").get("/v1/pages/999/mappings/1").then(), 404, "unknown-page");
    problem(as("reader").get("/v1/pages/x/mappings/1").then(), 400, "malformed-request");
  }

  @Test
  void reverseLookUp_listsIds() {
    as("reader")
        .get(MAPPINGS + "?psid=1535748669783931")
        .then()
        .statusCode(200)
        .body("items.asid", is(List.of("10154673853349851")));
    as("reader").get(MAPPINGS + "?psid=1").then().statusCode(200).body("items", hasSize(0));
    problem(as("reader").get(MAPPINGS).then(), 403, "missing-role")
        .body("required_role", is("export"));
    problem(as("reader").get(MAPPINGS + "?psid=0").then(), 400, "malformed-request")
        .body("instance", is(MAPPINGS));
  }
}
