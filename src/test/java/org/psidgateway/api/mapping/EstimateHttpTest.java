package org.psidgateway.api.mapping;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.problem;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Sql;

/** What a list would cost. */
@QuarkusTest
class EstimateHttpTest {
  private static final String PAGE = "/v1/pages/7302";
  private static final String ESTIMATES = PAGE + "/estimates";

  private final Sql sql;

  EstimateHttpTest(AgroalDataSource database) {
    this.sql = new Sql(database);
  }

  @BeforeEach
  void knowSome() {
    as("dev").body("{}").put(PAGE);
    as("dev").body("{\"access_token\":\"token\"}").put(PAGE + "/token");
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at)"
            + " values (7302, 1, 11, now()) on conflict do nothing",
        "insert into negative (page_id, asid, verdict, resolved_at, checked_at)"
            + " values (7302, 2, -1, now(), now()) on conflict do nothing");
  }

  @Test
  void list_isCountedOut() {
    as("reader")
        .body("[\"1\",\"2\",\"3\",\"3\",\"4\",\"77x\",5]")
        .post(ESTIMATES)
        .then()
        .statusCode(200)
        .body("received", is(7))
        .body("malformed", is(2))
        .body("duplicates", is(1))
        .body("distinct", is(4))
        .body("already_known", is(2))
        .body("to_convert", is(2))
        .body("upstream_calls", is(1))
        .body("quota_remaining_after", notNullValue())
        .body("earliest_finish.p50", notNullValue())
        .body("earliest_finish.p90", notNullValue())
        .body("earliest_finish.reason", nullValue())
        .body("bottleneck.what", oneOf("upstream_rate", "cooldown"));
  }

  @Test
  void anyForm_willDo() {
    for (String[] form :
        new String[][] {
          {"text/plain", "1\n3\n4\n"},
          {"text/csv", "name;asid\nAnn;1\nBob;3\nEve;4\n"},
          {"application/x-ndjson", "\"1\"\n{\"asid\":\"3\"}\n\"4\"\n"},
          {"application/json", "{\"asids\":[\"1\",\"3\",\"4\"]}"}
        }) {
      as("reader")
          .contentType(form[0])
          .body(form[1].getBytes(StandardCharsets.UTF_8))
          .post(ESTIMATES)
          .then()
          .statusCode(200)
          .body("received", is(3))
          .body("to_convert", is(2));
    }
  }

  @Test
  void listOfKnownIds_costsNothing() {
    as("reader")
        .contentType("text/plain")
        .body("1\n2\n")
        .post(ESTIMATES)
        .then()
        .statusCode(200)
        .body("to_convert", is(0))
        .body("upstream_calls", is(0))
        .body("earliest_finish.reason", nullValue());
  }

  @Test
  void pausedPage_tellsNoTime() {
    as("dev").body("{\"paused\":true}").put(PAGE);
    as("reader")
        .contentType("text/plain")
        .body("3\n")
        .post(ESTIMATES)
        .then()
        .statusCode(200)
        .body("earliest_finish.p50", nullValue())
        .body("earliest_finish.reason", is("page_paused"))
        .body("bottleneck.what", is("paused"));
    as("dev").body("{\"paused\":false}").put(PAGE);
  }

  @Test
  void tooLongAList_isRefused_andSoIsAnUnreadableOne() {
    String list =
        IntStream.rangeClosed(1, 10_001).mapToObj(i -> i + "\n").collect(Collectors.joining());
    problem(
            as("reader").contentType("text/plain").body(list).post(ESTIMATES).then(),
            413,
            "batch-too-large")
        .body("max_ids", is(10_000));
    problem(
            as("reader").contentType("text/csv").body("user,page\n").post(ESTIMATES).then(),
            400,
            "malformed-request")
        .body("detail", containsString("column"));
    problem(
        as("exporter").contentType("text/plain").body("3\n").post(ESTIMATES).then(),
        403,
        "missing-role");
    problem(
        as("reader").contentType("text/plain").body("3\n").post("/v1/pages/7397/estimates").then(),
        404,
        "unknown-page");
  }
}
