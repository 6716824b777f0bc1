package org.psidgateway.api.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.problem;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.psidgateway.api.Http;
import org.psidgateway.testing.Sql;

/** Files of pairs over HTTP. */
@QuarkusTest
public class ImportHttpTest {
  private static final String PAGE = "/v1/pages/7300";
  private static final String IMPORT = PAGE + "/mappings/import";

  private final Sql sql;

  @TestHTTPResource URI server;

  ImportHttpTest(AgroalDataSource database) {
    this.sql = new Sql(database);
  }

  @BeforeEach
  void registerPage() {
    as("dev").body("{}").put(PAGE);
  }

  @AfterEach
  void forget() {
    sql.execute(
        "delete from mapping where page_id = 7300", "delete from negative where page_id = 7300");
  }

  @Test
  void pairs_areAnswered_asSoonAsTheyAreImported() {
    post("text/csv", "\uFEFFpsid;name;asid\r\n11;Ann;1\r\n12;\"Bob; jr.\";2\r\n1,2E+4;Eve;3\r\n")
        .statusCode(200)
        .body("received", is(3))
        .body("imported", is(2))
        .body("unchanged", is(0))
        .body("malformed", is(1))
        .body("conflicts", is(0))
        .body("problems[0].line", is(4))
        .body("problems[0].reason", is("malformed"))
        .body("problems[0].detail", containsString("psid: "));

    as("dev")
        .body("{\"asids\":[\"1\",\"2\"],\"mode\":\"known_only\"}")
        .post(PAGE + "/mappings/resolve")
        .then()
        .statusCode(200)
        .body("mappings.1", is("11"))
        .body("mappings.2", is("12"))
        .body("summary.from.store", is(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | [{'asid':'1','psid':'11'},{'asid':'2','psid':12}]",
        "application/json; charset=UTF-8 | {'items':[{'asid':'1','psid':'11'},{'asid':'2'}],'next_cursor':null}",
        "application/x-ndjson | {'asid':'1','psid':'11'}\\n{'asid':'2','psid':null}\\n",
        "text/csv | 1,11\\n2,x\\n",
        "text/csv; charset=ISO-8859-1 | 1,11\\n2,x\\n", // as some clients name it; digits are the
        // same
        "TEXT/CSV | asid\\tpsid\\n1\\t11\\n2\\t\\n",
      })
  void everyForm_isRead(String type, String body) {
    post(type, body.replace('\'', '"').replace("\\n", "\n").replace("\\t", "\t"))
        .statusCode(200)
        .body("imported", is(1))
        .body("malformed", is(1));
  }

  @Test
  void gzippedFile_isRead_andTheColumnMayHaveAnotherName() {
    as("dev")
        .contentType("text/csv")
        .header("Content-Encoding", "gzip")
        .queryParam("column", "user")
        .queryParam("separator", ";")
        .body(gzip("psid;user\n11;1\n"))
        .post(IMPORT)
        .then()
        .statusCode(200)
        .body("imported", is(1));
  }

  @Test
  void conflict_isNeverOverwritten_unlessAnAdminAsksForIt() {
    post("text/csv", "1,11\n").body("imported", is(1));
    as("dev").get(PAGE + "/mappings/1").then().statusCode(200).body("psid", is("11"));

    post("text/csv", "1,99\n")
        .statusCode(200)
        .body("conflicts", is(1))
        .body("problems[0].reason", is("conflict"))
        .body("problems[0].line", is(1));
    as("dev").get(PAGE + "/mappings/1").then().body("psid", is("11"));

    as("dev")
        .contentType("text/csv")
        .body("1,99\n")
        .post(IMPORT + "?on_conflict=replace")
        .then()
        .statusCode(200)
        .body("imported", is(1))
        .body("conflicts", is(0));
    Awaitility.await() // the caches hear of it
        .untilAsserted(() -> as("dev").get(PAGE + "/mappings/1").then().body("psid", is("99")));
  }

  @Test
  void roles_areAskedFor() {
    problem(
            as("reader").contentType("text/csv").body("1,11\n").post(IMPORT).then(),
            403,
            "missing-role")
        .body("required_role", is("import"));
    problem(
            as("reader")
                .contentType("text/csv")
                .body("1,11\n")
                .post(IMPORT + "?on_conflict=replace")
                .then(),
            403,
            "missing-role")
        .body("required_role", is("admin"));
  }

  @Test
  void fileThatCantBeRead_isTold_andNothingIsKept() {
    problem(post("text/csv", "user,page\nAnn,Bob\n"), 400, "malformed-request")
        .body("detail", containsString("asid"));
    problem(post("text/csv", "1,11\n2,\"12\n3,13\n"), 400, "malformed-request").body("line", is(2));
    problem(
        post("application/json", "[{\"asid\":\"1\",\"psid\":\"11\"}"), 400, "malformed-request");
    problem(
            as("dev")
                .contentType("text/csv")
                .body("1,11\n".getBytes(StandardCharsets.UTF_16))
                .post(IMPORT)
                .then(),
            400,
            "malformed-request")
        .body("detail", containsString("UTF-16"));
    problem(post("text/csv", "1,11\n#end,7," + "0".repeat(64) + "\n"), 400, "malformed-request")
        .body("detail", containsString("exported"));
    problem(
            as("dev")
                .contentType("text/csv")
                .header("Content-Encoding", "gzip")
                .body(gzip("1,11\n" + " ".repeat(3 << 20)))
                .post(IMPORT)
                .then(),
            413,
            "batch-too-large")
        .body("max_ids", is(5_000_000));
    problem(post("text/csv; charset=utf-16", "1,11\n"), 415, "unsupported-media-type");
    problem(post("text/plain", "1\n"), 415, "unsupported-media-type");
    problem(
        as("dev")
            .contentType("text/csv")
            .header("Content-Encoding", "br")
            .body("1,11\n")
            .post(IMPORT)
            .then()
            .header("Accept-Encoding", is("gzip")),
        415,
        "unsupported-media-type");
    problem(
            as("dev")
                .contentType("text/csv")
                .body("1,11\n")
                .post(IMPORT + "?on_conflict=no")
                .then(),
            400,
            "malformed-request")
        .body("parameter", is("on_conflict"));

    assertThat(sql.number("select count(*) from mapping where page_id = 7300")).isZero();
  }

  @Test
  void columnsAreNeverGuessedAt() {
    problem(
        post("text/csv", "legacy_psid_2019,legacy_asid_2019\n11,1\n"), 400, "malformed-request");
    problem(
            as("dev").contentType("text/csv").body("1,11\n").post(IMPORT + "?column=user").then(),
            400,
            "malformed-request")
        .body("detail", containsString("user"));
    assertThat(sql.number("select count(*) from mapping where page_id = 7300")).isZero();
  }

  @Test
  void filesOfOtherPrograms_areNamed() {
    problem(
            as("dev").contentType("text/csv").body(gzip("1,11\n")).post(IMPORT).then(),
            400,
            "malformed-request")
        .body("detail", containsString("Content-Encoding: gzip"));
    problem(post("text/csv", "PK\u0003\u0004 and so on"), 400, "malformed-request")
        .body("detail", containsString("xlsx"));
  }

  @Test
  void unknownPage_getsNoPairs() {
    problem(
        as("dev")
            .contentType("text/csv")
            .body("1,11\n")
            .post("/v1/pages/7399/mappings/import")
            .then(),
        404,
        "unknown-page");
  }

  @Test
  void bodyThatBreaksOff_leavesNothing() throws IOException {
    String row = "1,11\n";
    Http.rawUnread(
        server,
        ("POST %s HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer dev\r\nContent-Type: text/csv\r\n"
                + "Content-Length: 9000000\r\n\r\n%s")
            .formatted(IMPORT, row.repeat(400_000)));

    Awaitility.await()
        .until(() -> sql.number("select count(*) from staging where page_id = 7300") == 0);
    assertThat(sql.number("select count(*) from mapping where page_id = 7300")).isZero();
  }

  private static ValidatableResponse post(String type, String body) {
    return as("dev")
        .header("Content-Type", type)
        .body(body.getBytes(StandardCharsets.UTF_8))
        .post(IMPORT)
        .then();
  }

  public static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
