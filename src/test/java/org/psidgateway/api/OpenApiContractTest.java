package org.psidgateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.psidgateway.api.OpenApiDocument.Operation;
import org.psidgateway.api.migration.SomeMigration;
import org.psidgateway.api.transfer.ImportHttpTest;
import org.psidgateway.api.transfer.QueryToken;
import org.psidgateway.api.transfer.ViewParameters;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.list.ListTables;
import org.psidgateway.model.PageId;
import org.psidgateway.store.PageView;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.Sql;
import org.psidgateway.transfer.rows.FileFormat;

/**
 * Every status that the OpenAPI document promises is reached, by the document's own examples with
 * one thing changed. That each answer is as documented is seen by {@link DocumentedAnswers}.
 */
@QuarkusTest
@ResourceLock(Beside.MACHINE)
class OpenApiContractTest {
  private static final OpenApiDocument DOCUMENT = OpenApiDocument.WRITTEN;
  private static final String UNAVAILABLE = "503";

  /** The migration of the examples, and one whose list is gone. */
  private static final String MIGRATION = "01JDK3T8Z5Q7W9X1Y2RAPCMBVE";

  private static final String LISTLESS = "01JDK3T8Z5Q7W9X1Y2RAPCMB01";

  /** One that has not ended. */
  private static final String PAUSED = "01JDK3T8Z5Q7W9X1Y2RAPCMB02";

  private static final String DELETED = "01JDK3T8Z5Q7W9X1Y2RAPCMB03";

  /** Of tests here alone. */
  private static final AtomicInteger NEW_PAGE = new AtomicInteger(621_000);

  private static final AtomicInteger NEW_KEY = new AtomicInteger();

  /** What leads any operation to a status. */
  private static final Map<String, Consumer<Request>> USUAL =
      Map.ofEntries(
          Map.entry("200", request -> {}),
          Map.entry("201", request -> {}),
          Map.entry("204", request -> {}),
          Map.entry("400", Request::malformed),
          Map.entry("401", request -> request.key = "nobody's"),
          Map.entry("403", request -> request.key = "exporter"),
          Map.entry("404", Request::unknown),
          Map.entry("406", request -> request.headers.put("Accept", "image/png")),
          Map.entry("413", Request::tooLong),
          Map.entry("415", Request::unreadable),
          Map.entry("500", request -> request.headers.put(InjectedFault.HEADER, "any")));

  /** What leads one of them there, by its name. */
  private final Map<String, Consumer<Request>> special =
      Map.ofEntries(
          Map.entry("listMappings 400", request -> request.query.put("limit", "0")),
          Map.entry("listMappings 403", request -> request.key = "reader"),
          Map.entry("listMappings 410", OpenApiContractTest::goneSnapshot),
          Map.entry("getMigrationResults 403", request -> request.key = "reader"),
          Map.entry("getMigrationResults 410", request -> request.path.put("id", LISTLESS)),
          Map.entry("createMigration 200", OpenApiContractTest::twice),
          Map.entry("createMigration 202", OpenApiContractTest::unconfirmed),
          Map.entry("createMigration 409", this::keyInUse),
          Map.entry("createMigration 413", OpenApiContractTest::bomb),
          Map.entry("createMigration 415", request -> request.mediaType = "image/png"),
          Map.entry("createMigration 422", OpenApiContractTest::otherBody),
          Map.entry("getMigration 304", request -> request.headers.put("If-None-Match", "*")),
          Map.entry(
              "patchMigration 409", request -> request.body = "{\"desired_state\":\"running\"}"),
          Map.entry("patchMigration 412", request -> request.headers.put("If-Match", "\"999\"")),
          Map.entry("deleteMigration 204", request -> request.path.put("id", DELETED)),
          Map.entry("deleteMigration 409", this::paused),
          Map.entry("retryMigration 200", request -> request.send()),
          Map.entry("retryMigration 202", request -> {}),
          Map.entry("retryMigration 409", this::paused),
          Map.entry("retryMigration 413", request -> request.body = Http.padded(2 << 20)),
          Map.entry("retryMigration 415", OpenApiContractTest::codedBody),
          Map.entry("retryMigration 422", OpenApiContractTest::otherView),
          Map.entry("importMappings 413", OpenApiContractTest::bomb),
          Map.entry("importMappings 415", request -> request.mediaType = "image/png"),
          Map.entry("estimate 413", request -> request.body = "[" + "1,".repeat(10_000) + "1]"),
          Map.entry("estimate 415", request -> request.mediaType = "image/png"),
          Map.entry("estimate 429", OpenApiContractTest::impatient),
          Map.entry("getMapping 304", request -> request.headers.put("If-None-Match", "*")),
          Map.entry("deletePage 204", OpenApiContractTest::emptyPage),
          Map.entry("deletePage 409", request -> request.path.put("page_id", "100")),
          Map.entry(
              "sealWindow 409", request -> request.headers.put(InjectedFault.HEADER, "no window")),
          Map.entry("putLogLevel 400", request -> request.path.put("category", "io.quarkus")),
          Map.entry("putPage 201", OpenApiContractTest::newPage),
          Map.entry("putPage 409", OpenApiContractTest::sixthTestPage),
          // Pages of their own: what is queued for a Page with a token would get in others' way.
          Map.entry("putPageToken 204", OpenApiContractTest::emptyPage),
          Map.entry("resolve 200", OpenApiContractTest::emptyPage),
          Map.entry("resolve 429", OpenApiContractTest::impatient),
          Map.entry("getMapping 503", request -> request.path.put("asid", "5550009")));

  private final AgroalDataSource pool;
  private final String url;
  private final String user;
  private final String password;

  OpenApiContractTest(
      AgroalDataSource pool,
      @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url,
      @ConfigProperty(name = "quarkus.datasource.username") String user,
      @ConfigProperty(name = "quarkus.datasource.password") String password) {
    this.pool = pool;
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /** A request that an operation accepts: what Swagger UI is prefilled with. */
  private static final class Request {
    final Operation operation;
    final Map<String, String> path = new LinkedHashMap<>();
    final Map<String, String> query = new LinkedHashMap<>();
    final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> optional = new ArrayList<>(); // in the query
    String key = "dev";
    String mediaType = "application/json";
    String body;
    byte[] bytes; // instead of a body that is text

    Request(Operation operation, JsonNode example) {
      this.operation = operation;
      this.body = example.isMissingNode() ? null : example.toString();
      for (JsonNode reference : operation.node().path("parameters")) {
        JsonNode parameter = DOCUMENT.resolved(reference);
        String name = parameter.path("name").asText();
        boolean inQuery = parameter.path("in").asText().equals("query");
        if (name.equals("Idempotency-Key")) {
          headers.put(name, "contract-" + NEW_KEY.incrementAndGet());
        } else if (parameter.path("required").asBoolean()) {
          (inQuery ? query : path).put(name, parameter.path("example").asText());
        } else if (inQuery) {
          optional.add(name);
        }
      }
    }

    void malformed() {
      if (body != null) {
        body = "{";
      } else if (path.isEmpty()) {
        optional.stream().findFirst().ifPresent(name -> query.put(name, "?"));
      } else {
        path.replaceAll((name, value) -> "0");
      }
    }

    void unknown() {
      path.replace("page_id", "620999");
      path.replace("id", "01JDK3T8Z5Q7W9X1Y2RAPCMB00");
      path.replace("name", "nothing");
    }

    void unreadable() {
      mediaType = "text/plain";
      headers.put("Content-Encoding", "gzip"); // some calls take any media type
    }

    void tooLong() {
      if (body != null) {
        body = Http.padded(2 << 20);
      }
    }

    int send() {
      RequestSpecification request = given().headers(headers).queryParams(query).pathParams(path);
      request.header("Authorization", "Bearer " + key);
      if (body != null) {
        request.contentType(mediaType);
        // Text is encoded by the client for media types that it knows, bytes for all.
        request.body(bytes == null ? body.getBytes(StandardCharsets.UTF_8) : bytes);
      }
      return request.request(operation.method(), operation.path()).statusCode();
    }
  }

  @BeforeEach
  void knowWhatTheExamplesAskFor() throws Exception {
    Http.registerPage();
    Http.know(pool);
    SomeMigration.store(pool, MIGRATION, "completed", "1\n");
    long gone = SomeMigration.store(pool, LISTLESS, "completed", "1\n");
    SomeMigration.store(pool, PAUSED, "paused", "1\n");
    SomeMigration.store(pool, DELETED, "completed", "1\n");
    new Sql(pool)
        .execute(
            "drop table " + ListTables.rows(gone),
            "update migration set page_id = 100 where page_id = 7302");
  }

  /** Other tests share the database. */
  @AfterEach
  void asBefore() throws SQLException {
    Sql sql = new Sql(pool);
    sql.execute("delete from reconciliation");
    sql.execute("update budget set committed = 0, sealed_at = null");
    sql.execute("update page set test_page = false");
    SomeMigration.remove(pool, MIGRATION);
    SomeMigration.remove(pool, LISTLESS);
    SomeMigration.remove(pool, PAUSED);
    SomeMigration.remove(pool, DELETED);
    sql.execute(
        "delete from migration_key where key like 'contract-%'",
        "update list set until = now() where until is null and no in (select list_no from migration"
            + " where page_id > 621000 or parent_id is not null and page_id = 100)",
        "delete from migration where page_id > 621000 or parent_id is not null and page_id = 100");
  }

  @TestFactory
  Stream<DynamicTest> everyDocumentedStatus_isReached() {
    return DOCUMENT.operations().stream()
        .flatMap(
            operation ->
                operation.statuses().stream()
                    .filter(Predicate.not(UNAVAILABLE::equals))
                    .map(
                        status ->
                            DynamicTest.dynamicTest(
                                operation.id() + " " + status, () -> reach(operation, status))));
  }

  private void reach(Operation operation, String status) {
    String name = operation.id() + " " + status;
    Consumer<Request> change = special.getOrDefault(name, USUAL.get(status));
    assertThat(change).as("nothing here leads to " + name).isNotNull();
    for (JsonNode example : examples(operation)) {
      Request request = new Request(operation, example);
      change.accept(request);
      assertThat(request.send()).as(name + " " + example).isEqualTo(Integer.parseInt(status));
    }
  }

  @TestFactory
  Stream<DynamicTest> everyUsualMistake_isAnsweredAsDocumented() {
    return DOCUMENT.operations().stream()
        .map(operation -> DynamicTest.dynamicTest(operation.id(), () -> mistake(operation)));
  }

  /** The filter sees whether the answer is documented. */
  private void mistake(Operation operation) {
    USUAL.forEach(
        (status, change) -> {
          if (status.startsWith("4") && !operation.statuses().contains(status)) {
            Request request = new Request(operation, examples(operation).get(0));
            change.accept(request);
            request.send();
          }
        });
  }

  @Test
  void everyOperation_isUnavailableWhilePostgresHangs_ifThatIsDocumented() {
    IllServer server = new IllServer(new Database(url, user, password));
    try {
      server.freeze();
      Map<String, CompletableFuture<Integer>> answers = new LinkedHashMap<>();
      for (Operation operation : DOCUMENT.operations()) {
        String name = operation.id() + " " + UNAVAILABLE;
        Request request = new Request(operation, examples(operation).get(0));
        // What the pod remembers is answered all the same.
        special.getOrDefault(name, OpenApiContractTest::newPage).accept(request);
        CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(request::send);
        answers.put(operation.statuses().contains(UNAVAILABLE) ? name : operation.id(), answer);
      }
      answers.forEach(
          (name, answer) -> {
            int status = answer.join();
            if (name.endsWith(UNAVAILABLE)) {
              assertThat(status).as(name).isEqualTo(503);
            }
          });
    } finally {
      server.heal();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Http.as("dev").body("{}").put("/v1/pages/100").statusCode() == 200);
    }
  }

  private static List<JsonNode> examples(Operation operation) {
    JsonNode content = operation.node().path("requestBody").path("content");
    List<JsonNode> examples = new ArrayList<>();
    content.findPath("examples").forEach(example -> examples.add(example.path("value")));
    return examples.isEmpty() ? List.of(content) : examples;
  }

  private static void sixthTestPage(Request request) {
    request.body = "{\"test_page\":true}";
    for (int page = 1; page <= 5; page++) {
      newPage(request);
      request.send();
    }
    newPage(request);
  }

  private static void emptyPage(Request request) {
    newPage(request);
    Http.as("dev").body("{}").put("/v1/pages/" + request.path.get("page_id"));
  }

  private static void newPage(Request request) {
    request.path.replace("page_id", Integer.toString(NEW_PAGE.incrementAndGet()));
  }

  /** Of 1970. */
  private static void goneSnapshot(Request request) {
    PageView.Query query =
        ViewParameters.query(new PageId(Long.parseLong(request.path.get("page_id"))), null, null);
    request.headers.put("Accept", "text/csv");
    request.query.put("snapshot", QueryToken.of(1, query, FileFormat.CSV.name()));
  }

  /** Nobody works on it, so that nobody's calls get in others' way. */
  private static void unconfirmed(Request request) {
    emptyPage(request);
    request.query.put("confirm", "true");
  }

  private static void twice(Request request) {
    unconfirmed(request);
    request.send();
  }

  private static void otherBody(Request request) {
    twice(request);
    request.body = "[\"1\"]";
  }

  private static void otherView(Request request) {
    request.send();
    request.query.put("view", "failed");
  }

  private static void codedBody(Request request) {
    request.body = "{}";
    request.unreadable();
  }

  /** The window may have been sealed by now, which ends whatever waits. */
  private void paused(Request request) {
    request.path.put("id", PAUSED);
    String id = MigrationId.parse(PAUSED).orElseThrow().value().toString();
    new Sql(pool)
        .execute(
            "update budget set sealed_at = null",
            "update migration set state = 'paused', finished_at = null where id = '" + id + "'");
  }

  private void keyInUse(Request request) {
    Sql sql = new Sql(pool);
    long list =
        sql.number("insert into list (until) values (now() + interval '1 minute') returning no");
    sql.execute(
        "insert into migration_key (caller, page_id, key, list_no) values ('dev', 100, '%s', %d)"
            .formatted(request.headers.get("Idempotency-Key"), list));
  }

  private static void bomb(Request request) {
    request.headers.put("Content-Encoding", "gzip");
    request.bytes = ImportHttpTest.gzip(" ".repeat(3 << 20));
  }

  private static void impatient(Request request) {
    request.key = "impatient";
    request.body = Http.list(2);
    request.send();
  }
}
