package org.psidgateway.api.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.problem;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.migration.list.ListTables;
import org.psidgateway.testing.Sql;

/** What became of a migration's list, over HTTP. */
@QuarkusTest
class ResultsHttpTest {
  private static final String ID = "01JDK3T8Z5Q7W9X1Y2RAPCMBVF";
  private static final String RESULTS = "/v1/migrations/" + ID + "/results";
  private static final String CSV = "name,asid\nAnn,1\nBo,2\nCy,x\nAnn,1\nDi,3\n";

  private final AgroalDataSource database;
  private final Sql sql;
  private long no;

  ResultsHttpTest(AgroalDataSource database) {
    this.database = database;
    this.sql = new Sql(database);
  }

  @BeforeEach
  void store() throws Exception {
    no = SomeMigration.store(database, ID, "paused", CSV);
    sql.execute(
        "insert into %s values (1, 2, 91, 1), (2, 3, -1, 7), (3, 6, null, null)"
            .formatted(ListTables.ids(no)));
  }

  @AfterEach
  void remove() throws SQLException {
    SomeMigration.remove(database, ID);
  }

  @Test
  void pages_areReadOneAfterTheOther() {
    List<String> statuses = new ArrayList<>();
    String cursor = null;
    do {
      var request = as("exporter").queryParam("limit", 2);
      JsonPath page =
          (cursor == null ? request : request.queryParam("cursor", cursor))
              .get(RESULTS)
              .then()
              .statusCode(200)
              .extract()
              .jsonPath();
      statuses.addAll(page.getList("items.status"));
      cursor = page.getString("next_cursor");
    } while (cursor != null);

    assertThat(statuses).containsExactly("mapped", "unmapped", "invalid", "mapped", "pending");
    as("exporter")
        .accept("*/*")
        .get(RESULTS + "?view=invalid")
        .then()
        .contentType(startsWith("application/json"))
        .body("items", hasSize(1))
        .body("items[0].line", is(4))
        .body("items[0].asid", nullValue())
        .body("items[0].psid", nullValue())
        .body("items[0].reason", is("malformed"))
        .body("next_cursor", nullValue());
    as("exporter").get(RESULTS + "?view=mapped").then().body("items[0].psid", is("91"));
  }

  @Test
  void file_isOfItsMoment_andGoesOnWhereItBrokeOff() {
    Response whole = as("exporter").accept("text/csv").get(RESULTS);
    String snapshot = whole.header("Gateway-Snapshot");
    sql.execute(
        "update %s set verdict = 93, decided = 8 where asid = 3".formatted(ListTables.ids(no)),
        "update migration set progress = 8, state = 'completed' where list_no = " + no);

    assertThat(whole.contentType()).isEqualTo("text/csv; charset=utf-8; header=present");
    assertThat(whole.header("Cache-Control")).isEqualTo("private, no-store");
    assertThat(whole.asString())
        .startsWith(
            """
            name,asid,psid,status,reason
            Ann,1,91,mapped,
            Bo,2,,unmapped,not_returned_by_upstream
            Cy,x,,invalid,malformed
            Ann,1,91,mapped,
            Di,3,,pending,queued
            #end,5,""");
    as("exporter")
        .accept("text/csv")
        .get(RESULTS + "?after=3&snapshot=" + snapshot)
        .then()
        .statusCode(200)
        .header("Gateway-Snapshot", is(snapshot))
        .body(is(whole.asString().substring(whole.asString().lastIndexOf("Ann,1"))));
    assertThat(as("exporter").accept("text/csv").get(RESULTS).asString())
        .contains("\nDi,3,93,mapped,\n");
  }

  @Test
  void file_mayBeNdjson_andGzipped() {
    Response file =
        as("exporter")
            .accept("application/x-ndjson")
            .header("Accept-Encoding", "gzip")
            .get(RESULTS + "?view=unmapped");

    assertThat(file.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(file.contentType()).startsWith("application/x-ndjson");
    assertThat(file.asString())
        .startsWith(
            "{\"name\":\"Bo\",\"asid\":\"2\",\"psid\":null,\"status\":\"unmapped\","
                + "\"reason\":\"not_returned_by_upstream\"}\n{\"count\":1,");
  }

  @Test
  void listThatIsBeingCompared_isAllPending() {
    sql.execute("update migration set state = 'uploading' where list_no = " + no);

    as("exporter")
        .get(RESULTS)
        .then()
        .body("items.status", is(List.of("pending", "pending", "invalid", "pending", "pending")))
        .body("items[0].reason", is("queued"));
    assertThat(as("exporter").accept("text/csv").get(RESULTS + "?view=mapped").asString())
        .startsWith("name,asid,psid,status,reason\n#end,0,");
  }

  @Test
  void tokens_areThoseOfTheirQuery() {
    String snapshot = as("exporter").accept("text/csv").get(RESULTS).header("Gateway-Snapshot");
    String cursor = as("exporter").get(RESULTS + "?limit=1").path("next_cursor");

    refused("application/json", "?view=mapped&cursor=" + cursor, "cursor");
    refused("application/json", "?cursor=" + snapshot, "cursor");
    refused("text/csv", "?view=mapped&after=1&snapshot=" + snapshot, "snapshot");
    refused("application/x-ndjson", "?snapshot=" + snapshot, "snapshot");
    refused("text/csv", "?after=1", "snapshot");
    refused("text/csv", "?after=-1&snapshot=" + snapshot, "after");
    refused("application/json", "?limit=0", "limit");
    refused("application/json", "?view=pending", "view");
  }

  private static void refused(String accept, String query, String parameter) {
    problem(as("exporter").accept(accept).get(RESULTS + query).then(), 400, "malformed-request")
        .body("parameter", is(parameter));
  }

  @Test
  void listThatIsGone_isToldBeforeAnythingIsSent() {
    String snapshot = as("exporter").accept("text/csv").get(RESULTS).header("Gateway-Snapshot");
    sql.execute("drop table " + ListTables.rows(no));

    problem(
        as("exporter").accept("text/csv").get(RESULTS + "?after=1&snapshot=" + snapshot).then(),
        410,
        "snapshot-gone");
    problem(as("exporter").get(RESULTS).then(), 410, "snapshot-gone");
  }

  @Test
  void migrationAndRole_areAskedFor() throws Exception {
    problem(as("reader").get(RESULTS).then(), 403, "missing-role")
        .body("required_role", is("export"));
    problem(as("reader").accept("text/csv").get(RESULTS).then(), 403, "missing-role");
    problem(as("exporter").get("/v1/migrations/77/results").then(), 400, "malformed-request")
        .body("parameter", is("id"));
    String snapshot = as("exporter").accept("text/csv").get(RESULTS).header("Gateway-Snapshot");
    SomeMigration.remove(database, ID);
    problem(
        as("exporter").accept("text/csv").get(RESULTS + "?after=1&snapshot=" + snapshot).then(),
        410,
        "snapshot-gone");
    problem(as("exporter").get(RESULTS).then(), 404, "unknown-migration");
    problem(as("exporter").accept("text/csv").get(RESULTS).then(), 404, "unknown-migration");
  }
}
