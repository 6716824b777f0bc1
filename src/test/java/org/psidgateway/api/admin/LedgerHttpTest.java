package org.psidgateway.api.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.psidgateway.api.Http.as;
import static org.psidgateway.api.Http.problem;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.limits.Signal;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.Sql;
import org.psidgateway.testing.Tariffs;

/** The ledger over HTTP: what operators see and correct. */
@QuarkusTest
class LedgerHttpTest {
  private static final String ENTRIES = "/v1/quota/entries";
  private static final String CALLERS = "/v1/quota/callers";
  private static final String RECONCILIATIONS = "/v1/quota/reconciliations";
  private static final PageId PAGE = new PageId(501);
  private static final long ASID = 77_000_000_001L;

  private final Ledger ledger;
  private final Sql sql;

  LedgerHttpTest(Ledger ledger, DataSource database) {
    this.ledger = ledger;
    this.sql = new Sql(database);
  }

  /** What other tests left in the queue of Page 100 must not come in between. */
  @BeforeEach
  void pageThatMayAsk() throws SQLException {
    as("dev").body("{\"paused\":true}").put("/v1/pages/100");
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .until(() -> sql.number("select held from budget") == 0);
    asNew();
    as("dev").body("{\"paused\":false}").put("/v1/pages/" + PAGE);
    as("dev").body("{\"access_token\":\"t\"}").put("/v1/pages/" + PAGE + "/token");
  }

  /** Other tests share the database. */
  @AfterEach
  void asNew() throws SQLException {
    sql.execute("delete from claim where page_id = " + PAGE);
    sql.execute("delete from mapping where page_id = " + PAGE);
    sql.execute("delete from call");
    sql.execute("delete from reconciliation");
    sql.execute("delete from standing where page_id <> 0");
    sql.execute(
        """
        update standing set cooldown_until = 'epoch', strikes = 0, probe = null,
               probe_until = 'epoch', refused_probes = 0, usage = null, suspicion = null
        """);
    sql.execute("update budget set committed = 0, held = 0, uncertain = 0, sealed_at = null");
    sql.execute("update budget set next_grant_at = 'epoch'"); // the pace of an hour is soon used up
  }

  private Granted granted(long... asids) throws SQLException {
    return (Granted)
        ledger.reserve(
            new Ledger.Request(
                UUID.randomUUID(),
                PAGE,
                Lane.INTERACTIVE,
                asids,
                OneCaller.of(asids),
                Map.of(PAGE, asids),
                Set.of(),
                Tariffs.PER_BATCH,
                false,
                false,
                Duration.ofSeconds(10)));
  }

  @Test
  void quotaAndWindow_showWhatIsSuspected() throws SQLException {
    as("reader").get("/v1/quota").then().body("upstream_quota_suspected", is(false));
    as("reader").get("/v1/window").then().body("window_suspected_closed", is(false));

    sql.execute("update standing set suspicion = 'upstream_quota_suspected' where page_id = 0");
    as("reader").get("/v1/quota").then().body("upstream_quota_suspected", is(true));
    as("reader").get("/v1/window").then().body("window_suspected_closed", is(false));

    sql.execute("update standing set suspicion = 'window_suspected_closed' where page_id = 0");
    as("reader").get("/v1/quota").then().body("upstream_quota_suspected", is(false));
    as("reader").get("/v1/window").then().body("window_suspected_closed", is(true));
  }

  @Test
  void seal_isForGood_andMayBeRepeated() {
    for (String body : new String[] {"{}", "", " {} "}) {
      as("dev")
          .body(body)
          .post("/v1/window/seal")
          .then()
          .statusCode(200)
          .body("state", is("sealed"))
          .body("$", hasKey("closes_at"))
          .body("window_suspected_closed", is(false));
    }
    given()
        .header("Authorization", "Bearer dev")
        .post("/v1/window/seal")
        .then()
        .statusCode(200)
        .body("state", is("sealed"));
    as("reader").get("/v1/window").then().body("state", is("sealed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"dry_run\":true}", "[]", "null", "\"\"", "{} {}", "x"})
  void seal_isRefused_whenTheBodyMeansSomethingElse(String body) {
    problem(as("dev").body(body).post("/v1/window/seal").then(), 400, "malformed-request")
        .body("errors", hasSize(1));
    as("reader").get("/v1/window").then().body("state", is("open"));
  }

  @Test
  void adminCalls_areRefused_withoutTheRole() {
    problem(as("reader").post("/v1/window/seal").then(), 403, "missing-role")
        .body("required_role", is("admin"));
    problem(as("reader").get(ENTRIES).then(), 403, "missing-role")
        .body("required_role", is("admin"));
    problem(
            as("reader").body("{\"committed\":1,\"note\":\"n\"}").post(RECONCILIATIONS).then(),
            403,
            "missing-role")
        .body("required_role", is("admin"));
    problem(given().post("/v1/window/seal").then(), 401, "unauthenticated");
    problem(given().get(ENTRIES).then(), 401, "unauthenticated");
    problem(
        given().contentType("application/json").post(RECONCILIATIONS).then(),
        401,
        "unauthenticated");
    as("reader").get("/v1/window").then().body("state", is("open"));
  }

  @Test
  void entries_listCallsAndFigures_latestFirst() throws SQLException {
    Granted call = granted(ASID, ASID + 1);
    ledger.settle(
        Settlement.answered(
            call.call(),
            Findings.of(call.asids(), new long[] {88_100_000_001L, 88_100_000_002L}),
            2,
            Usage.UNKNOWN));
    reconcile(7, "as the dashboard says");
    Granted underWay = granted(ASID + 2);

    as("dev")
        .get(ENTRIES)
        .then()
        .statusCode(200)
        .body("next_cursor", nullValue())
        .body("items.kind", contains("call", "reconciliation", "call"))
        .body("items[0].call_id", is(underWay.callId().toString()))
        .body("items[0].state", is("granted"))
        .body("items[0].asked", is(1))
        .body("items[0].outcome", nullValue())
        .body("items[0]", hasKey("settled_at"))
        .body("items[0].settled_at", nullValue())
        .body("items[1].committed", is(7))
        .body("items[1].was", is(2))
        .body("items[2].call_id", is(call.callId().toString()))
        .body("items[2].page_id", is(PAGE.toString()))
        .body("items[2].lane", is("interactive"))
        .body("items[2].state", is("settled"))
        .body("items[2].asked", is(2))
        .body("items[2].returned", is(2))
        .body("items[2].outcome", is("answered"))
        .body("items[2].probe", is(false))
        .body("items[2].retry", is(false))
        .body("items[2].isolation", is(false))
        .body("items[2].granted_at", containsString("T"))
        .body("items[2].settled_at", containsString("Z"))
        .body(not(containsString(Long.toString(ASID))))
        .body(not(containsString("8810000000")));
  }

  @Test
  void entries_andTheReport_sayWhoAsked() throws SQLException {
    Granted old = granted(ASID);
    ledger.settle(
        Settlement.answered(
            old.call(), Findings.of(old.asids(), 88_100_000_001L), 1, Usage.UNKNOWN));
    sql.execute("update call set callers = null, caller_ids = null, caller_psids = null");
    Granted call = granted(ASID + 1, ASID + 2, ASID + 3);
    ledger.settle(
        Settlement.answered(call.call(), Findings.of(call.asids(), 882), 3, Usage.UNKNOWN));
    reconcile(7, "n");

    as("dev")
        .get(ENTRIES)
        .then()
        .body("items[0]", not(hasKey("callers")))
        .body("items[1].callers", is(Map.of(OneCaller.NAME, 3)))
        .body("items[2]", hasKey("callers"))
        .body("items[2].callers", nullValue());
    for (String query :
        new String[] {"", "?since=2026-01-01T00:00:00Z", "?since=1970-01-01T00:00:00-12:00"}) {
      as("dev")
          .get(CALLERS + query)
          .then()
          .statusCode(200)
          .body("items", hasSize(2))
          .body("items[0].caller", is(OneCaller.NAME))
          .body("items[0].conversions", is(3))
          .body("items[0].calls", is(1))
          .body("items[0].share", is(0.75f))
          .body("items[1]", hasKey("caller"))
          .body("items[1].caller", nullValue())
          .body("items[1].share", is(0.25f));
    }
    as("dev").get(CALLERS + "?since=2999-01-01T00:00:00Z").then().body("items", hasSize(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "2026-11-01", "2026-11-01T10:00:00", "2026-13-01T10:00:00Z"})
  void callers_areRefused_whenSinceIsMalformed(String since) {
    problem(as("dev").get(CALLERS + "?since=" + since).then(), 400, "malformed-request")
        .body("parameter", is("since"));
    problem(as("reader").get(CALLERS).then(), 403, "missing-role")
        .body("required_role", is("admin"));
  }

  @Test
  void resolvedIds_areTheCallersOfTheRequest() throws SQLException {
    as("dev")
        .header("Prefer", "wait=10")
        .body("{\"asids\":[\"" + ASID + "\"]}")
        .post("/v1/pages/" + PAGE + "/mappings/resolve")
        .then()
        .statusCode(200);

    as("dev").get(ENTRIES).then().body("items[-1].callers", is(Map.of("dev", 1)));
  }

  @Test
  void entries_haveOneVocabulary_thoughOldRowsHaveTwo() throws SQLException {
    Granted call = granted(ASID);
    ledger.settle(
        Settlement.refused(call.call(), Findings.NONE, "IDS_LISTED", Signal.PASSED, Usage.UNKNOWN));

    as("dev").get(ENTRIES).then().body("items[0].outcome", is("ids_listed"));
  }

  @Test
  void entries_areReadPageByPage_eachOnce() {
    LongStream.range(0, 7).forEach(i -> reconcile(i, "n"));
    List<Integer> read = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    int pages = 0;
    do {
      JsonPath page =
          as("dev")
              .get(ENTRIES + "?limit=3" + cursor.map(next -> "&cursor=" + next).orElse(""))
              .then()
              .statusCode(200)
              .extract()
              .jsonPath();
      read.addAll(page.getList("items.committed"));
      cursor = Optional.ofNullable(page.getString("next_cursor"));
      pages++;
    } while (cursor.isPresent());

    assertThat(read).containsExactly(6, 5, 4, 3, 2, 1, 0);
    assertThat(pages).isEqualTo(3);
    as("dev").get(ENTRIES + "?limit=7").then().body("next_cursor", nullValue());
    as("dev").get(ENTRIES + "?limit=1000").then().body("items", hasSize(7));
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,limit",
    "limit=1001,limit",
    "limit=-1,limit",
    "limit=1.0,limit",
    "limit=x,limit",
    "cursor=12,cursor",
    "cursor=%3D%3D,cursor",
    "cursor=MA,cursor",
    "cursor=LTE,cursor",
    "cursor=b25l,cursor"
  })
  void entries_areRefused_whenAParameterIsMalformed(String query, String parameter) {
    problem(as("dev").get(ENTRIES + "?" + query).then(), 400, "malformed-request")
        .body("parameter", is(parameter));
  }

  @Test
  void reconciliation_takesTheUpstreamsFigureOver() throws SQLException {
    ledger.settle(
        Settlement.answered(
            granted(ASID).call(),
            Findings.of(new long[] {ASID}, 88_100_000_001L),
            1,
            Usage.UNKNOWN));
    ledger.settle(Settlement.uncertain(granted(ASID + 1, ASID + 2).call(), "timeout"));
    sql.execute("update call set expires_at = granted_at"); // nothing will come of it any more
    String note = "Zahl aus dem Dashboard \\u2014 \\ud83d\\udc4d";

    String location =
        as("dev")
            .body("{\"committed\":40,\"note\":\"" + note + "\"}")
            .post(RECONCILIATIONS)
            .then()
            .statusCode(201)
            .body("kind", is("reconciliation"))
            .body("committed", is(40))
            .body("was", is(1))
            .body("cleared", is(2))
            .body("note", is("Zahl aus dem Dashboard — 👍"))
            .body("noted_by", is("dev"))
            .body("as_of", containsString("T"))
            .body("noted_at", containsString("T"))
            .extract()
            .header("Location");

    as("reader").get("/v1/quota").then().body("committed", is(40)).body("uncertain", is(0));
    reconcile(41, "later");
    as("dev").get(location).then().body("items", hasSize(1)).body("items[0].committed", is(40));
  }

  @Test
  void reconciliation_addsWhatWasSettledAfterItsMoment() throws SQLException {
    Instant before = Instant.now().minusSeconds(3600);
    ledger.settle(
        Settlement.answered(
            granted(ASID).call(),
            Findings.of(new long[] {ASID}, 88_100_000_001L),
            1,
            Usage.UNKNOWN));
    as("dev")
        .body("{\"committed\":40,\"note\":\"n\",\"as_of\":\"" + before + "\"}")
        .post(RECONCILIATIONS)
        .then()
        .statusCode(201)
        .body("committed", is(40))
        .body("as_of", startsWith(before.toString().substring(0, 19)));
    as("reader").get("/v1/quota").then().body("committed", is(41));
    as("dev")
        .body("{\"committed\":0,\"note\":\"n\",\"as_of\":\"2026-01-01t12:00:00.5+02:00\"}")
        .post(RECONCILIATIONS)
        .then()
        .statusCode(201)
        .body("as_of", is("2026-01-01T10:00:00.500Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"note\":\"n\"}|/committed",
        "{\"committed\":null,\"note\":\"n\"}|/committed",
        "{\"committed\":-1,\"note\":\"n\"}|/committed",
        "{\"committed\":\"1\",\"note\":\"n\"}|/committed",
        "{\"committed\":1.0,\"note\":\"n\"}|/committed",
        "{\"committed\":9223372036854775807,\"note\":\"n\"}|/committed",
        "{\"committed\":9223372036854775808,\"note\":\"n\"}|/committed",
        "{\"committed\":1}|/note",
        "{\"committed\":1,\"note\":\"\"}|/note",
        "{\"committed\":1,\"note\":\" \"}|/note",
        "{\"committed\":1,\"note\":7}|/note",
        "{\"committed\":1,\"note\":\"a\\nb\"}|/note",
        "{\"committed\":1,\"note\":\"a\\u0000\"}|/note",
        "{\"committed\":1,\"note\":\"a\\ud800\"}|/note",
        "{\"committed\":1,\"note\":\"n\",\"as_of\":\"2999-01-01T00:00:00Z\"}|/as_of",
        "{\"committed\":1,\"note\":\"n\",\"as_of\":\"2026-01-01\"}|/as_of",
        "{\"committed\":1,\"note\":\"n\",\"as_of\":\"2026-01-01T00:00Z\"}|/as_of",
        "{\"committed\":1,\"note\":\"n\",\"as_of\":\"2026-02-30T00:00:00Z\"}|/as_of",
        "{\"committed\":1,\"note\":\"n\",\"as_of\":1700000000}|/as_of",
        "{\"committed\":1,\"note\":\"n\",\"noted_by\":\"x\"}|/noted_by",
        "{\"committed\":1,\"committed\":2,\"note\":\"n\"}|``",
        "``|``",
        "[]|``",
      })
  void reconciliation_isRefused_whenTheBodyIsNotAcceptable(String body, String pointer) {
    problem(as("dev").body(body).post(RECONCILIATIONS).then(), 400, "malformed-request")
        .body("errors[0].pointer", is(pointer));
    as("dev").get(ENTRIES).then().body("items", hasSize(0));
  }

  @Test
  void reconciliation_isRefused_whenTheNoteIsTooLong_byCharacters() {
    reconcile(1, "\ud83d\udc4d".repeat(500));
    problem(
            as("dev")
                .body("{\"committed\":-1,\"note\":\"" + "x".repeat(501) + "\"}")
                .post(RECONCILIATIONS)
                .then(),
            400,
            "malformed-request")
        .body("errors.pointer", contains("/committed", "/note"));
    problem(
        given()
            .header("Authorization", "Bearer dev")
            .contentType("text/plain")
            .body("1")
            .post(RECONCILIATIONS)
            .then(),
        415,
        "unsupported-media-type");
  }

  @Test
  void page_showsItsCooldownAndUsage() throws SQLException {
    String path = "/v1/pages/" + PAGE;
    as("dev").body("{}").put("/v1/pages/502");
    as("reader").get(path).then().body("cooldown_until", nullValue()).body("usage", is(Map.of()));

    ledger.settle(
        Settlement.throttled(
            granted(ASID).call(),
            false,
            Optional.of(Duration.ofMinutes(7)),
            "32",
            new Usage(12, 100)));

    JsonPath page = as("reader").get(path).then().statusCode(200).extract().jsonPath();
    assertThat(Instant.parse(page.getString("cooldown_until")))
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(6)), Instant.now().plus(Duration.ofMinutes(9)));
    assertThat(page.getDouble("usage.page")).isBetween(99.0, 100.0);
    assertThat(page.getDouble("usage.app")).isBetween(11.5, 12.0);
    assertThat(page.getString("usage.page")).matches("\\d+\\.\\d");
    as("reader")
        .get("/v1/pages")
        .then()
        .body("items.find { it.page_id == '501' }.cooldown_until", containsString("T"))
        .body("items.find { it.page_id == '502' }.cooldown_until", nullValue())
        .body("items.find { it.page_id == '502' }.usage.keySet()", hasItem("app"))
        .body("items.find { it.page_id == '502' }.usage.keySet()", not(hasItem("page")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"/token|{\"access_token\":\"u\"}", "``|{\"paused\":false}"})
  void suspicion_isPutToTheTest_whenAnOperatorSetsThePageRight(String path, String body)
      throws SQLException {
    sql.execute(
        "update standing set suspicion = 'window_suspected_closed', strikes = 1,"
            + " suspected_until = ledger_now() + interval '1 day' where page_id = 0");
    as("dev").body("{\"name\":\"n\"}").put("/v1/pages/" + PAGE);
    as("reader").get("/v1/pages/" + PAGE).then().body("cooldown_until", containsString("T"));

    as("dev").body(body).put("/v1/pages/" + PAGE + path);

    as("reader").get("/v1/pages/" + PAGE).then().body("cooldown_until", nullValue());
    as("reader").get("/v1/window").then().body("window_suspected_closed", is(true));
    assertThat(granted(ASID + 900).asids()).as("an id that no other test has queued").hasSize(1);
  }

  private static void reconcile(long committed, String note) {
    as("dev")
        .body("{\"committed\":" + committed + ",\"note\":\"" + note + "\"}")
        .post(RECONCILIATIONS)
        .then()
        .statusCode(201);
  }
}
