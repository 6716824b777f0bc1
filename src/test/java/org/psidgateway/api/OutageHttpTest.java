package org.psidgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.LogLines;

/** Whatever is wrong with PostgreSQL, callers see one and the same answer, in time. */
@QuarkusTest
@ResourceLock(Beside.MACHINE)
class OutageHttpTest {
  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);
  private static final Duration OF_OTHER_CALLS = Duration.ofMillis(2500);

  /** What other programs on the same cores may add. */
  private static final Duration SLACK = Duration.ofMillis(250);

  private static final String PAGE = "/v1/pages/100";

  private static final AtomicInteger NEW = new AtomicInteger(474_000_000);

  /** The classes that log outages of a PostgreSQL that reads. */
  private static final String[] OUTAGES = {
    "org.psidgateway.db.Transactions", "org.psidgateway.ops.StoreWorkers"
  };

  private final HttpClient http = HttpClient.newHttpClient();
  private final AgroalDataSource pool;
  private final String url;
  private final String user;
  private final String password;
  private final StackTraces traces = new StackTraces();

  private IllServer server;

  @TestHTTPResource URI base;

  OutageHttpTest(
      AgroalDataSource pool,
      @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url,
      @ConfigProperty(name = "quarkus.datasource.username") String user,
      @ConfigProperty(name = "quarkus.datasource.password") String password) {
    this.pool = pool;
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /** What was answered. */
  private record Answer(int status, String body, HttpResponse<String> response) {
    Answer(HttpResponse<String> response) {
      this(response.statusCode(), response.body(), response);
    }

    /** How long the gateway took. */
    Duration after() {
      return ServerTiming.of(response);
    }
  }

  @BeforeEach
  void register() throws Exception {
    Http.registerPage();
    Http.know(pool);
    assertThat(resolve("100", 0, "known_only", Http.MAPPED).join().status()).isEqualTo(200);
    server = new IllServer(new Database(url, user, password));
    traces.start();
  }

  @AfterEach
  void heal() {
    traces.stop();
    server.heal();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> put(PAGE, "{\"name\":\"well\"}").join().status() == 200);
  }

  @Test
  void serverThatHangs_isUnavailable_inTime() {
    assertThat(get("/v1/pages/4711/mappings/1").join().status()).isEqualTo(404);
    server.freeze();

    List<CompletableFuture<Answer>> unknownPage =
        Stream.generate(() -> resolve("4711", 0, "known_only", "1")).limit(100).toList();
    assertThat(unknownPage)
        .allSatisfy(call -> assertThat(call.join().status()).as("no query").isEqualTo(404));

    assertReadsAreUnavailable();
    assertWritesAreUnavailable();
    assertKnownIdsAreAnswered();
    assertPagesAreShown();
    assertThat(traces.seen()).isEmpty();
  }

  @Test
  void serverThatHangs_takesNoMoreThreadsThanConnections_atThreeHundredMissesASecond() {
    server.freeze();
    List<CompletableFuture<Answer>> misses = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < 900; i++) {
      long due = start + i * Duration.ofSeconds(1).toNanos() / 300;
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> System.nanoTime() >= due);
      misses.add(resolve("100", 1, "known_only", Integer.toString(70_000_000 + i)));
      if (i % 100 == 0) {
        assertThat(IllServer.threadsAtPostgres()).isLessThanOrEqualTo(16 + 8);
        assertKnownIdsAreAnswered();
      }
    }
    List<Answer> answers = misses.stream().map(CompletableFuture::join).toList();
    assertThat(answers).allSatisfy(OutageHttpTest::assertUnavailable);
    List<Duration> after = answers.stream().map(Answer::after).sorted().toList();
    assertThat(after.get(890)).isLessThan(HALF_A_SECOND.plusSeconds(1).plus(SLACK));
    assertThat(traces.seen()).isEmpty();
  }

  @Test
  void serverThatRefusesConnections_isUnavailable() {
    server.refuse();

    assertReadsAreUnavailable();
    assertWritesAreUnavailable();
    assertKnownIdsAreAnswered();
    assertPagesAreShown();
    assertThat(traces.seen()).isEmpty();
  }

  @Test
  void poolWithoutAConnectionLeft_isUnavailable() throws SQLException {
    List<Connection> all = new ArrayList<>();
    try {
      for (int i = 0; i < 16; i++) {
        all.add(pool.getConnection());
      }
      assertReadsAreUnavailable();
      assertWritesAreUnavailable();
      assertKnownIdsAreAnswered();
      assertThat(traces.seen()).isEmpty();
    } finally {
      for (Connection connection : all) {
        connection.close();
      }
    }
  }

  @Test
  void tablesThatAreLocked_areUnavailable() {
    server.lockTables();

    assertReadsAreUnavailable();
    assertWritesAreUnavailable();
    assertKnownIdsAreAnswered();
    assertThat(traces.seen()).isEmpty();
  }

  /** 42P01, as 42501, is no outage by itself: the request that can't be served says the same. */
  @Test
  void tableThatIsRefused_isUnavailable_onEveryPath() {
    assertThat(resolve("100", 0, "known_only", Http.UNMAPPED).join().status()).isEqualTo(200);
    server.loseMappings();

    Map<String, CompletableFuture<Answer>> reads = new LinkedHashMap<>();
    reads.put("resolve", resolve("100", 0, "known_only", "4720011"));
    reads.put("resolve, wait=2", resolve("100", 2, "convert", "4720012"));
    reads.put("psids", psids("4720013"));
    reads.put("find", get(PAGE + "/mappings/4720014"));
    reads.put("find by PSID", get(PAGE + "/mappings?psid=4720015"));
    assertInTime(reads, HALF_A_SECOND);
    assertKnownIdsAreAnswered();
    assertThat(psids(Http.MAPPED, Http.UNMAPPED).join().body())
        .contains("\"store_unavailable\"")
        .doesNotContain("\"not_returned_by_upstream\""); // it may be a PSID
    assertThat(traces.seen()).isEmpty();
  }

  @Test
  void serverThatIsSlow_isUnavailable_inTime_andLoggedOnce() {
    awaitCalm();
    try (LogLines log = LogLines.of(OUTAGES)) {
      server.slowDown(Duration.ofSeconds(3));
      List<CompletableFuture<Answer>> slow =
          IntStream.range(0, 50)
              .mapToObj(i -> resolve("100", 0, "known_only", "47300" + (10 + i)))
              .toList();
      slow.forEach(call -> assertInTime(Map.of("slow", call), HALF_A_SECOND));
      assertThat(log.seen()).singleElement().asString().startsWith("WARN PostgreSQL does not");
      server.heal();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> lookUpNew() == 200 && log.seen().size() == 2);
      assertThat(log.seen().get(1)).startsWith("INFO PostgreSQL answers");
    }
    assertThat(traces.seen()).isEmpty();
  }

  @Test
  void outage_isLoggedOnceWhenItBegins_andOnceWhenItIsOver() {
    awaitCalm();
    try (LogLines log = LogLines.of(OUTAGES)) {
      server.freeze();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> lookUpNew() == 503 && showPages() == 200 && log.seen().size() == 2);
      assertThat(log.seen()).allMatch(line -> line.startsWith("WARN "));
      assertThat(lookUpNew()).isEqualTo(503);

      server.heal();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> lookUpNew() == 200 && showPages() == 200 && log.seen().size() == 4);
      assertThat(log.seen().subList(2, 4))
          .allMatch(line -> line.startsWith("INFO "))
          .doesNotHaveDuplicates();
      assertThat(log.seen().subList(0, 2)).doesNotHaveDuplicates();
    }
    assertThat(traces.seen()).isEmpty();
  }

  /** Until the outage of the test before is over, in the log as well. */
  private void awaitCalm() {
    await()
        .during(Duration.ofSeconds(6))
        .atMost(Duration.ofSeconds(30))
        .until(() -> lookUpNew() == 200 && showPages() == 200);
  }

  private int lookUpNew() {
    return resolve("100", 0, "known_only", Integer.toString(NEW.incrementAndGet())).join().status();
  }

  private int showPages() {
    return get("/v1/pages").join().status();
  }

  @Test
  void databaseThatIsReadOnly_takesNoWrites_untilItsConnectionsAreThrownAway() {
    server.becomeReadOnly();

    await().until(() -> resolve("100", 0, "known_only", "4720001").join().status() == 200);
    assertWritesAreUnavailable();
    assertUnavailable(post("/v1/window/seal", "").join());
    assertThat(traces.seen()).isEmpty();

    server.acceptWritesOnNewConnections();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> put(PAGE, "{\"name\":\"new\"}").join().status() == 200);
  }

  private void assertReadsAreUnavailable() {
    Map<String, CompletableFuture<Answer>> quick = new LinkedHashMap<>();
    Map<String, CompletableFuture<Answer>> others = new LinkedHashMap<>();
    quick.put("resolve", resolve("100", 0, "known_only", "4720001"));
    quick.put("psids", psids("4720002"));
    quick.put("unknown Page", resolve("4712", 0, "known_only", "1"));
    others.put("resolve, wait=2", resolve("100", 2, "convert", "4720003"));
    Stream.of(
            PAGE + "/mappings/4720004",
            PAGE + "/mappings?psid=4720005",
            "/v1/pages/4713",
            "/v1/pages/4714/mappings/1",
            "/v1/quota",
            "/v1/quota/entries")
        .forEach(path -> others.put(path, get(path)));
    assertInTime(quick, HALF_A_SECOND);
    assertInTime(others, OF_OTHER_CALLS);
  }

  private void assertWritesAreUnavailable() {
    Map<String, CompletableFuture<Answer>> writes = new LinkedHashMap<>();
    writes.put("PUT page", put(PAGE, "{\"name\":\"Shop\"}"));
    writes.put("PUT token", put(PAGE + "/token", "{\"access_token\":\"a-token\"}"));
    writes.put("test page", put("/v1/pages/4715", "{\"test_page\":true,\"fans\":1}"));
    writes.put(
        "reconcile",
        post(
            "/v1/quota/reconciliations",
            "{\"committed\":0,\"as_of\":\"2026-01-01T00:00:00Z\",\"note\":\"a test\"}"));
    assertInTime(writes, OF_OTHER_CALLS);
  }

  private static void assertInTime(Map<String, CompletableFuture<Answer>> calls, Duration limit) {
    calls.forEach(
        (name, call) -> {
          Answer answer = call.join();
          assertUnavailable(answer);
          assertThat(answer.after()).as(name).isLessThan(limit.plus(SLACK));
        });
  }

  private static void assertUnavailable(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
    assertThat(answer.body()).contains("\"/problems/unavailable\"");
    assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
  }

  private void assertKnownIdsAreAnswered() {
    Answer known = resolve("100", 0, "known_only", Http.MAPPED).join();
    assertThat(known.status()).isEqualTo(200);
    assertThat(known.body()).contains(Http.PSID);
  }

  private void assertPagesAreShown() {
    assertThat(get(PAGE).join().status()).isEqualTo(200);
    assertThat(get("/v1/pages").join().body()).contains("\"100\"");
  }

  private CompletableFuture<Answer> psids(String... asids) {
    return post(
        PAGE + "/mappings/resolve",
        0,
        "{\"ids_may_be_psids\":true,\"asids\":[\"" + String.join("\",\"", asids) + "\"]}");
  }

  private CompletableFuture<Answer> resolve(String page, int wait, String mode, String asid) {
    return post(
        "/v1/pages/" + page + "/mappings/resolve",
        wait,
        "{\"mode\":\"" + mode + "\",\"asids\":[\"" + asid + "\"]}");
  }

  private CompletableFuture<Answer> post(String path, String body) {
    return post(path, 0, body);
  }

  private CompletableFuture<Answer> post(String path, int wait, String body) {
    return send(
        to(path).header("Prefer", "wait=" + wait).POST(BodyPublishers.ofString(body)).build());
  }

  private CompletableFuture<Answer> put(String path, String body) {
    return send(to(path).PUT(BodyPublishers.ofString(body)).build());
  }

  private CompletableFuture<Answer> get(String path) {
    return send(to(path).GET().build());
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer dev")
        .header("Content-Type", "application/json");
  }

  private CompletableFuture<Answer> send(HttpRequest request) {
    return http.sendAsync(request, BodyHandlers.ofString()).thenApply(Answer::new);
  }
}
