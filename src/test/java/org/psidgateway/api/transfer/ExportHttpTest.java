package org.psidgateway.api.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.problem;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.api.Http;
import org.psidgateway.testing.Sql;

/** All that is known of a Page, over HTTP. */
@QuarkusTest
class ExportHttpTest {
  private static final String PAGE = "/v1/pages/7301";
  private static final String MAPPINGS = PAGE + "/mappings";

  private final Sql sql;

  ExportHttpTest(AgroalDataSource database) {
    this.sql = new Sql(database);
  }

  @BeforeEach
  void knowSome() {
    as("dev").body("{}").put(PAGE);
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at)"
            + " select 7301, i, 100 + i, '2026-11-01T10:00:00Z' from generate_series(1, 250) i",
        "insert into negative (page_id, asid, verdict, resolved_at, checked_at)"
            + " select 7301, i, -1, now() - interval '1 minute', now() - interval '1 minute'"
            + " from generate_series(251, 255) i");
  }

  @AfterEach
  void forget() {
    sql.execute(
        "delete from mapping where page_id = 7301",
        "delete from negative where page_id = 7301",
        "delete from view_change where page_id = 7301");
  }

  @Test
  void listing_isReadPageByPage() {
    List<String> asids = new ArrayList<>();
    String cursor = null;
    do {
      var request = as("exporter").queryParam("limit", 100);
      JsonPath page =
          (cursor == null ? request : request.queryParam("cursor", cursor))
              .get(MAPPINGS)
              .then()
              .statusCode(200)
              .extract()
              .jsonPath();
      asids.addAll(page.getList("items.asid"));
      cursor = page.getString("next_cursor");
    } while (cursor != null);

    assertThat(asids)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, 255).mapToObj(Long::toString).toList());
    as("exporter")
        .get(MAPPINGS + "?status=unmapped,invalid&limit=10")
        .then()
        .body("items", hasSize(5))
        .body("items[0].psid", nullValue())
        .body("items[0].status", is("unmapped"))
        .body("next_cursor", nullValue());
    as("exporter")
        .get(MAPPINGS + "?updated_since=2026-11-02T00:00:00Z")
        .then()
        .body("items", hasSize(5));
  }

  @Test
  void cursor_isThatOfItsQuery() {
    String cursor = as("exporter").get(MAPPINGS + "?limit=1").path("next_cursor");

    problem(
            as("exporter").get(MAPPINGS + "?limit=1&status=mapped&cursor=" + cursor).then(),
            400,
            "malformed-request")
        .body("parameter", is("cursor"));
    problem(as("exporter").get(MAPPINGS + "?cursor=x").then(), 400, "malformed-request");
    problem(as("exporter").get(MAPPINGS + "?limit=1001").then(), 400, "malformed-request");
    problem(as("exporter").get(MAPPINGS + "?status=pending").then(), 400, "malformed-request");
    problem(as("exporter").get(MAPPINGS + "?updated_since=now").then(), 400, "malformed-request");
  }

  @Test
  void file_isStreamed_andGoesOnWhereItBrokeOff() {
    Response whole = as("exporter").accept("text/csv").get(MAPPINGS);
    String snapshot = whole.header("Gateway-Snapshot");
    List<String> lines = whole.asString().lines().toList();

    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.contentType()).startsWith("text/csv");
    assertThat(lines).hasSize(257).startsWith("asid,psid,status", "1,101,mapped");
    assertThat(lines.get(256)).matches("#end,255,[0-9a-f]{64}");
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at) values (7301, 7777, 1, now())");
    String rest =
        as("exporter")
            .accept("text/csv")
            .get(MAPPINGS + "?after=200&snapshot=" + snapshot)
            .then()
            .statusCode(200)
            .header("Gateway-Snapshot", is(snapshot))
            .extract()
            .asString();
    assertThat(rest).isEqualTo(String.join("\n", lines.subList(201, 257)) + "\n");
  }

  @Test
  void file_mayBeNdjson_andPlainAcceptIsJson() {
    as("exporter")
        .accept("application/x-ndjson")
        .get(MAPPINGS + "?status=mapped")
        .then()
        .statusCode(200)
        .contentType(startsWith("application/x-ndjson"))
        .body(startsWith("{\"asid\":\"1\",\"psid\":\"101\",\"status\":\"mapped\"}\n"))
        .body(containsString("\n{\"count\":250,\"sha256\":\""))
        .body(not(containsString("\n\n")));
    as("exporter")
        .accept("*/*")
        .get(MAPPINGS + "?limit=1")
        .then()
        .contentType(startsWith("application/json"))
        .body("next_cursor", notNullValue());
  }

  @Test
  void file_isGzipped_ifThatIsAsked() {
    Response gzipped =
        as("exporter").accept("text/csv").header("Accept-Encoding", "gzip").get(MAPPINGS);

    assertThat(gzipped.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(gzipped.asString()).endsWith("\n").contains("\n#end,255,");
    assertThat(
            as("exporter")
                .accept("text/csv")
                .header("Accept-Encoding", "gzip;q=0, identity")
                .get(MAPPINGS)
                .header("Content-Encoding"))
        .isNull();
  }

  @Test
  void snapshotThatIsGone_isToldBeforeAnythingIsSent() {
    String snapshot = as("exporter").accept("text/csv").get(MAPPINGS).header("Gateway-Snapshot");
    sql.execute("insert into view_change (page_id, what) values (7301, 'mapping')");

    problem(
        as("exporter").accept("text/csv").get(MAPPINGS + "?after=5&snapshot=" + snapshot).then(),
        410,
        "snapshot-gone");
    problem(
            as("exporter")
                .accept("application/x-ndjson")
                .get(MAPPINGS + "?after=5&snapshot=" + snapshot)
                .then(),
            400,
            "malformed-request")
        .body("parameter", is("snapshot"));
    problem(
        as("exporter").accept("text/csv").get(MAPPINGS + "?after=5").then(),
        400,
        "malformed-request");
  }

  @Test
  void roles_areAskedFor() {
    problem(as("reader").get(MAPPINGS).then(), 403, "missing-role")
        .body("required_role", is("export"));
    problem(as("reader").accept("text/csv").get(MAPPINGS).then(), 403, "missing-role")
        .body("required_role", is("export"));
    as("reader").get(MAPPINGS + "?psid=101").then().statusCode(200).body("items", hasSize(1));
    problem(
        as("exporter").accept("text/csv").get("/v1/pages/7398/mappings").then(),
        404,
        "unknown-page");
    problem(as("exporter").accept("image/png").get(MAPPINGS).then(), 406, "unsupported-media-type");
    assertThat(Http.as("nobody's").accept("text/csv").get(MAPPINGS).statusCode()).isEqualTo(401);
  }
}
