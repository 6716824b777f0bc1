package org.psidgateway.api.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.problem;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.psidgateway.api.transfer.ImportHttpTest;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.model.Sha256;
import org.psidgateway.testing.Sql;

/** Migrations over HTTP. Every list waits for a confirmation, so that nothing is asked. */
@QuarkusTest
class MigrationHttpTest {
  private static final String PAGE = "/v1/pages/7310";
  private static final String UPLOAD = PAGE + "/migrations";
  private static final String ONE = "/v1/migrations/";

  private final AgroalDataSource database;
  private final Sql sql;
  private final Watch watch;

  @TestHTTPResource URI server;

  MigrationHttpTest(AgroalDataSource database, Watch watch) {
    this.database = database;
    this.sql = new Sql(database);
    this.watch = watch;
  }

  @BeforeEach
  void registerPage() {
    as("dev").body("{}").put(PAGE);
  }

  @AfterEach
  void forget() throws Exception {
    for (String id : sql.texts("select id from migration where page_id = 7310")) {
      SomeMigration.remove(database, new MigrationId(UUID.fromString(id)).toString());
      sql.execute("delete from migration_key where migration_id = '" + id + "'");
    }
  }

  private static RequestSpecification list(String key) {
    return as("dev")
        .contentType("text/csv")
        .header("Idempotency-Key", key)
        .queryParam("confirm", "true");
  }

  /** Waits until it is compared. */
  private static String uploaded(String body) {
    String id =
        list(UUID.randomUUID().toString())
            .body(body)
            .post(UPLOAD)
            .then()
            .statusCode(202)
            .extract()
            .path("id");
    await().until(() -> state(id).equals("awaiting_confirmation"));
    return id;
  }

  private static String state(String id) {
    return as("dev").get(ONE + id).then().statusCode(200).extract().path("state");
  }

  @Test
  void list_becomesAMigration_thatWaitsForItsConfirmation() {
    String key = UUID.randomUUID().toString();
    Response made =
        list(key)
            .queryParams(
                Map.of("name", "CRM", "deadline", "2099-01-01T00:00:00+01:00", "quota_cap", "7"))
            .queryParams(Map.of("label.team", "a b", "share", "0.5", "canary_ids", "3"))
            .queryParam("surprise", "ignored")
            .body("name,asid\nAnn,11\nBob,12\nCy,x\nAnn,11\n")
            .post(UPLOAD);
    String id = made.path("id");
    made.then()
        .statusCode(202)
        .header("Location", endsWith("/v1/migrations/" + id))
        .header("Retry-After", "1")
        .header("ETag", "\"1-0\"")
        .body("state", is("uploading"))
        .body("counts", nullValue())
        .body("name", is("CRM"))
        .body("labels.team", is("a b"))
        .body("deadline", is("2098-12-31T23:00:00Z"))
        .body("created_by", is("dev"))
        .body("confirm", is(true))
        .body("bottleneck", nullValue())
        .body("eta.reason", is("uploading"))
        .body("history", hasSize(1));

    await().until(() -> state(id).equals("awaiting_confirmation"));
    as("dev")
        .get(ONE + id)
        .then()
        .body("counts.received", is(4))
        .body("counts.malformed", is(1))
        .body("counts.duplicates", is(1))
        .body("counts.distinct", is(2))
        .body("counts.remaining", is(2))
        .body("progress.percent", is(0.0f))
        .body("bill.to_convert", is(2))
        .body("bill.upstream_calls", is(1))
        .body("eta.reason", is("awaiting_confirmation"))
        .body("bottleneck.what", is("confirmation"))
        .body("history", hasSize(2));

    list("\"" + key + "\"") // quoted is the same
        .body("name,asid\nAnn,11\nBob,12\nCy,x\nAnn,11\n")
        .post(UPLOAD)
        .then()
        .statusCode(200)
        .header("Idempotency-Replayed", "true")
        .body("id", is(id));
    problem(list(key).body("13\n").post(UPLOAD).then(), 422, "idempotency-mismatch");
  }

  @ParameterizedTest
  @CsvSource({
    "name, ''",
    "deadline, tomorrow",
    "deadline, 2020-01-01T00:00:00Z",
    "quota_cap, 0",
    "share, 0",
    "share, 1.1",
    "confirm, maybe",
    "dry_run, 1",
    "canary_ids, -1",
    "canary_max_invalid_ratio, 2",
    "max_invalid_ratio, x",
    "separator, |",
  })
  void parametersThatCannotBe_areNamed(String name, String value) {
    problem(
            as("dev")
                .contentType("text/plain")
                .header("Idempotency-Key", "k")
                .queryParam(name, value)
                .body("11\n")
                .post(UPLOAD)
                .then(),
            400,
            "malformed-request")
        .body("parameter", is(name));
  }

  @Test
  void upload_isRefusedWhole_withAWordOnWhatIsWrong() {
    RequestSpecification bare = as("dev").contentType("text/plain");
    problem(bare.body("11\n").post(UPLOAD).then(), 400, "malformed-request")
        .body("parameter", is("Idempotency-Key"));
    for (String key : new String[] {"\"open", "a b", "\"\"", "x".repeat(256)}) {
      problem(list(key).body("11\n").post(UPLOAD).then(), 400, "malformed-request")
          .body("parameter", is("Idempotency-Key"));
    }
    problem(list("e").body("").post(UPLOAD).then(), 400, "malformed-request")
        .body("detail", containsString("empty"));
    problem(
            list("l").queryParam("label.Team", "x").body("11\n").post(UPLOAD).then(),
            400,
            "malformed-request")
        .body("parameter", is("label"));
    problem(list("p").body("11\n").post("/v1/pages/7311/migrations").then(), 404, "unknown-page");
    problem(
            as("reader")
                .contentType("text/plain")
                .header("Idempotency-Key", "r")
                .body("11\n")
                .post(UPLOAD)
                .then(),
            403,
            "missing-role")
        .body("required_role", is("migrate"));
  }

  @Test
  void bodyIsWhatItsDigestPromises_orNothingIsKept() {
    String digest =
        Base64.getEncoder()
            .encodeToString(Sha256.digest().digest("11\n".getBytes(StandardCharsets.UTF_8)));
    String header = "sha-512=:AAAA:, sha-256=:" + digest + ":";
    problem(
            list("d").header("Repr-Digest", header).body("12\n").post(UPLOAD).then(),
            400,
            "malformed-request")
        .body("detail", containsString("Repr-Digest"));
    problem(
            list("d").header("Repr-Digest", "sha-256=x").body("11\n").post(UPLOAD).then(),
            400,
            "malformed-request")
        .body("parameter", is("Repr-Digest"));
    list("d").header("Repr-Digest", header).body("11\n").post(UPLOAD).then().statusCode(202);
    list("d")
        .header("Repr-Digest", header)
        .body("what it promises counts")
        .post(UPLOAD)
        .then()
        .statusCode(200);
  }

  @Test
  void dryRun_tellsTheBill_andKeepsNothing() {
    long lists = sql.number("select count(*) from list");
    as("dev")
        .contentType("text/plain")
        .queryParam("dry_run", "true")
        .body("11\n12\nx\n11\n")
        .post(UPLOAD)
        .then()
        .statusCode(200)
        .body("id", nullValue())
        .body("counts.distinct", is(2))
        .body("counts.duplicates", is(1))
        .body("bill.to_convert", is(2));
    assertThat(sql.number("select count(*) from migration where page_id = 7310")).isZero();
    assertThat(sql.number("select count(*) from list")).isEqualTo(lists);
  }

  @Test
  void gzippedList_isRead() {
    list("g")
        .header("Content-Encoding", "gzip")
        .body(ImportHttpTest.gzip("asid\n11\n12\n"))
        .post(UPLOAD)
        .then()
        .statusCode(202);
  }

  @Test
  void migration_isSteered_asFarAsItsStateLetsIt() {
    String id = uploaded("11\n12\n");
    String tag = as("dev").get(ONE + id).header("ETag");
    String revision = tag.replaceFirst("-.*", "\"");
    patch(id, "{\"name\":\"A\",\"labels\":{\"a\":\"b\"}}", revision)
        .statusCode(200)
        .header("ETag", not(tag))
        .body("name", is("A"))
        .body("labels.a", is("b"));
    problem(patch(id, "{\"name\":\"B\"}", tag), 412, "precondition-failed");
    patch(id, "{\"name\":null,\"labels\":null}", "*")
        .body("name", nullValue())
        .body("labels.a", is("b"));
    problem(patch(id, "{\"desired_state\":\"paused\"}", "*"), 409, "illegal-transition")
        .body("state", is("awaiting_confirmation"))
        .body("legal", is(List.of("running", "cancelled")));
    problem(patch(id, "{\"nmae\":\"x\"}", "*"), 400, "malformed-request")
        .body("errors[0].pointer", is("/nmae"));
    problem(
            patch(
                id,
                "{\"share\":2,\"deadline\":\"2020-01-01T00:00:00Z\",\"desired_state\":\"x\"}",
                "*"),
            400,
            "malformed-request")
        .body("errors", hasSize(3));
    problem(patch(id, "{\"quota_cap\":1.5}", "*"), 400, "malformed-request")
        .body("errors[0].pointer", is("/quota_cap"));
    problem(as("dev").delete(ONE + id).then(), 409, "illegal-transition");

    as("dev")
        .contentType("application/merge-patch+json")
        .body("{\"desired_state\":\"cancelled\"}")
        .patch(ONE + id)
        .then()
        .statusCode(200)
        .body("state", is("cancelled"))
        .body("desired_state", is("cancelled"))
        .body("counts.remaining", is(2))
        .body("finished_at", notNullValue())
        .body("bottleneck", nullValue())
        .body("history[2].by", is("dev"));
    String ended = as("dev").get(ONE + id).header("ETag");
    patch(id, "{\"desired_state\":\"cancelled\"}", "*").statusCode(200).header("ETag", ended);
    problem(patch(id, "{\"desired_state\":\"running\"}", "*"), 409, "illegal-transition")
        .body("legal", hasSize(0));

    String again =
        as("dev")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .post(ONE + id + "/retry?view=not_attempted")
            .then()
            .statusCode(202)
            .body("parent_id", is(id))
            .body("labels.a", is("b"))
            .body("confirm", nullValue())
            .extract()
            .path("id");
    as("dev").body("{\"desired_state\":\"cancelled\"}").patch(ONE + again);
    problem(
            as("dev").header("Idempotency-Key", "v").post(ONE + id + "/retry?view=mapped").then(),
            400,
            "malformed-request")
        .body("parameter", is("view"));
    as("dev").delete(ONE + id).then().statusCode(204);
    problem(as("dev").get(ONE + id).then(), 404, "unknown-migration");
    problem(as("dev").get(ONE + "nonsense").then(), 400, "malformed-request");
  }

  private static ValidatableResponse patch(String id, String body, String ifMatch) {
    return as("dev").header("If-Match", ifMatch).body(body).patch(ONE + id).then();
  }

  @Test
  void pageWithAnOpenMigration_isInUse() {
    String id = uploaded("11\n");
    problem(as("dev").delete(PAGE).then(), 409, "page-in-use")
        .body("detail", containsString("migrations"));
    as("dev").body("{\"desired_state\":\"cancelled\"}").patch(ONE + id);
    as("dev").delete(PAGE).then().statusCode(204);
  }

  @Test
  void list_isReadPageByPage_andCursorsBelongToTheirQuery() {
    String first = uploaded("11\n");
    String second = uploaded("12\n");
    String page = "/v1/migrations?page_id=7310&limit=1";
    String cursor =
        as("dev")
            .get(page)
            .then()
            .statusCode(200)
            .body("items", hasSize(1))
            .body("items[0].id", is(second))
            .body("items[0].history", nullValue())
            .extract()
            .path("next_cursor");
    as("dev")
        .get(page + "&cursor=" + cursor)
        .then()
        .body("items[0].id", is(first))
        .body("next_cursor", nullValue());
    problem(
            as("dev").get("/v1/migrations?limit=1&cursor=" + cursor).then(),
            400,
            "malformed-request")
        .body("parameter", is("cursor"));
    as("dev").get("/v1/migrations?page_id=7310&state=completed").then().body("items", hasSize(0));
    as("dev").get("/v1/migrations?page_id=7310&label.a=b").then().body("items", hasSize(0));
    problem(as("dev").get("/v1/migrations?state=busy").then(), 400, "malformed-request");
  }

  @Test
  void whoeverWaits_isAnsweredWhenSomethingIsNew() {
    String id = uploaded("11\n");
    String tag = as("dev").get(ONE + id).header("ETag");
    as("dev")
        .header("If-None-Match", tag)
        .header("Prefer", "wait=1")
        .get(ONE + id)
        .then()
        .statusCode(304)
        .header("Preference-Applied", "wait=1")
        .header("Vary", containsString("Prefer"))
        .header("ETag", tag);

    CompletableFuture<Response> answer =
        CompletableFuture.supplyAsync(
            () -> as("dev").header("If-None-Match", tag).header("Prefer", "wait=30").get(ONE + id));
    await().until(() -> watch.watching() == 1);
    patch(id, "{\"name\":\"new\"}", "*");
    answer.join().then().statusCode(200).body("name", is("new"));
    as("dev")
        .header("If-None-Match", tag) // old already
        .header("Prefer", "wait=30")
        .get(ONE + id)
        .then()
        .statusCode(200);
    assertThat(watch.watching()).isZero();
  }

  @Test
  void events_tellEachChange_andTheEnd() throws IOException {
    String id = uploaded("11\n");
    try (Socket socket = follow(id)) {
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(event(lines)).startsWith("retry: 2000\nevent: state\nid: \"2-");
      patch(id, "{\"name\":\"new\"}", "*");
      assertThat(event(lines)).startsWith("event: state\nid: \"3-").contains("\"name\":\"new\"");
      sql.execute(
          "update migration set progress = progress + 1 where id = '"
              + MigrationId.parse(id).orElseThrow().value()
              + "'");
      assertThat(event(lines)).startsWith("event: progress\nid: \"3-");
      patch(id, "{\"desired_state\":\"cancelled\"}", "*");
      assertThat(event(lines)).startsWith("event: end").contains("\"state\":\"cancelled\"");
      while (lines.readLine() != null) {
        // to the end of the stream
      }
    }
    as("dev")
        .get(ONE + id + "/events")
        .then()
        .statusCode(200)
        .contentType(startsWith("text/event-stream"))
        .body(containsString("event: end"));
  }

  @Test
  void whoeverHangsUp_leavesNothingBehind() throws IOException {
    String id = uploaded("11\n");
    try (Socket socket = follow(id)) {
      await().until(() -> watch.watching() == 1);
    }
    await().until(() -> watch.watching() == 0);
  }

  private Socket follow(String id) throws IOException {
    Socket socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(20_000);
    String request =
        "GET /v1/migrations/%s/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer dev\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.formatted(id).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String event(BufferedReader lines) throws IOException {
    List<String> event = new ArrayList<>();
    String line = lines.readLine();
    while (!line.startsWith("retry: ") && !line.startsWith("event: ")) {
      line = lines.readLine();
    }
    while (!line.startsWith("data: ")) {
      event.add(line);
      line = lines.readLine();
    }
    event.add(line);
    return String.join("\n", event);
  }
}
