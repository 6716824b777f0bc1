package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** A pod that starts while PostgreSQL is not as it should be. */
class StartIT {
  private final World world = new World();
  private final String url = world.database.jdbcUrl();
  private final int port = Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void postgresqlThatIsAway_isWaitedFor() {
    int nobody = Pod.freePort();
    AtomicInteger attempts = new AtomicInteger();
    try (FaultyProxy postgres =
            new FaultyProxy(() -> attempts.incrementAndGet() < 4 ? nobody : port);
        Pod pod = world.pod().withDatabase(by(postgres)).start()) {

      assertThat(pod.log())
          .containsOnlyOnce("PostgreSQL is unavailable; waiting up to PT2M (SQL state 08")
          .containsOnlyOnce("PostgreSQL is available after")
          .doesNotContain("ERROR")
          .doesNotContain("\\tat ");
      assertThat(new Gateway(pod).resolve(World.PAGE, 10, 1).mappings()).hasSize(1);
    }
  }

  @Test
  void postgresqlThatStaysAway_endsTheStart_withTheCauseOnOneLine() {
    try (FaultyProxy postgres = new FaultyProxy(port)) {
      postgres.swallow();
      assertEnds(
          world.pod().withDatabase(by(postgres)).with("gateway.start.wait", "PT1S"),
          "The gateway does not start: PostgreSQL is still unavailable after PT1S, see gateway.start.wait"
              + " (SQL state 08");
    }
  }

  /**
   * As a standby that a fail-over reached too early: the schema is there, nothing can be written.
   */
  @Test
  void readOnlyPostgresql_isWaitedFor_byEachStep() throws SQLException {
    Pod.Settings pod = world.pod().with("gateway.start.wait", "PT1S");
    String reason =
        "The gateway does not start: PostgreSQL is still unavailable after PT1S, see gateway.start.wait"
            + " (SQL state 25006";
    readOnly("on");
    String whose = assertEnds(pod, reason);
    readOnly("off");
    pod.start().close();
    readOnly("on");
    String pages = assertEnds(pod, reason);

    assertThat(whose).contains("INSERT");
    assertThat(pages).contains("the id of this deployment is").contains("SELECT FOR");
  }

  /** In the middle of a roll-out, or rolled back: nothing is taken away that it reads. */
  @Test
  void podOfTheVersionBefore_starts_thoughANewerOneHasMigrated() throws SQLException {
    try (Connection connection = world.database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into flyway_schema_history (installed_rank, version, description, type, script,
                                             checksum, installed_by, execution_time, success)
          values (1000, '1000', 'of a newer version', 'SQL', 'V1000__newer.sql', 1, 'x', 1, true)
          """);
    }

    try (Pod pod = world.pod().start()) {
      assertThat(new Gateway(pod).resolve(World.PAGE, 10, 1).mappings()).hasSize(1);
    }
  }

  private void readOnly(String onOrOff) throws SQLException {
    try (Connection connection = world.database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set default_transaction_read_only = off");
      statement.execute(
          "alter database "
              + url.replaceAll(".*/([^?]+).*", "$1")
              + " set default_transaction_read_only = "
              + onOrOff);
    }
  }

  @Test
  void databaseThatDoesNotExist_endsTheStartAtOnce() {
    String missing = url.replaceAll("/fresh_\\d+", "/missing");
    String log =
        assertEnds(
            world.pod().withDatabase(missing),
            "The gateway does not start: PostgreSQL can't be used (SQL state 3D000: FATAL: database"
                + " \"missing\" does not exist)");
    assertThat(log).doesNotContain("waiting");
  }

  @Test
  void databaseOfAnotherOwner_endsTheStartAtOnce() throws SQLException {
    String role = "stranger_of_" + world.database.jdbcUrl().replaceAll(".*/(\\w+).*", "$1");
    world.database.sql().execute("drop schema public cascade", "create role " + role + " login");
    world.database.sql().execute("create schema public authorization pg_database_owner");
    try {
      assertEnds(
          world.pod().with("quarkus.datasource.username", role),
          "The gateway does not start: role %s may not create tables in database ".formatted(role));
    } finally {
      world.database.sql().execute("drop role " + role);
    }
  }

  @Test
  void hostThatIsNotKnown_endsTheStart_withItsName() {
    assertEnds(
        world
            .pod()
            .withDatabase("jdbc:postgresql://nowhere.invalid/gateway")
            .with("gateway.start.wait", "PT0S"),
        "The gateway does not start: PostgreSQL is still unavailable after PT0S, see"
            + " gateway.start.wait (SQL state 08001: The connection attempt failed."
            + " UnknownHostException: nowhere.invalid)");
  }

  @Test
  void databaseOfAnotherApp_endsTheStart() {
    world.pod().start().close();
    assertEnds(
        world.pod().with("gateway.app.id", "2"),
        "The gateway does not start: gateway.app.id is 2, but the database belongs to app 1:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"quarkus.http.port", "quarkus.management.port"})
  void portThatIsTaken_endsTheStart_withTheKeyThatChangesIt(String key) throws IOException {
    try (ServerSocket taken = new ServerSocket(Pod.freePort())) {
      assertEnds(
          world.pod().with(key, String.valueOf(taken.getLocalPort())),
          "The gateway does not start: port %d is in use; choose another one by %s"
              .formatted(taken.getLocalPort(), key));
    }
  }

  /** 192.0.2.1 is an address for documentation: of no machine. */
  @ParameterizedTest
  @CsvSource({
    "quarkus.http, 192.0.2.1, Cannot assign requested address",
    "quarkus.http, nowhere.invalid, unknown host",
  })
  void hostThatIsNotOurs_endsTheStart_withTheReason(String server, String host, String reason) {
    assertThat(
            assertEnds(
                world.pod().with(server + ".host", host), "The gateway does not start: port "))
        .contains(" on %s can't be opened (%s".formatted(host, reason))
        .contains("); see %1$s.host, %1$s.port".formatted(server))
        .doesNotContain("in use");
  }

  @Test
  void lineAtTheEnd_saysWhatWasStarted_andAWindowThatIsClosedIsAWarning() throws SQLException {
    try (Pod pod =
        world
            .pod()
            .with("gateway.pace.calls", "200")
            .with("gateway.pages.\"300\".name", "without a token")
            .with("gateway.window.approved-on", "2020-01-01")
            .start()) {
      StartLog log = StartLog.of(pod);

      assertThat(log.messages("WARN"))
          .singleElement()
          .asString()
          .startsWith("The upstream's window closed at 2020-06-29T00:00:00Z:");
      assertThat(log.messages("INFO"))
          .filteredOn(line -> line.contains(" starts with profile "))
          .singleElement()
          .asString()
          .matches("psid-gateway [\\w.-]+ starts with profile prod: .*")
          .endsWith(
              ("upstream pages-id-mapping at %s; pace 200 calls in PT1H; quota 5000000 of 5000000"
                      + " left, window closed at 2020-06-29T00:00:00Z; Pages 3 (0 paused, 1 without a"
                      + " token); L1 of 1000000 answers, Redis off; no replica")
                  .formatted(world.upstream.baseUrl()));
      assertThat(log.messages("INFO"))
          .containsOnlyOnce(
              "Roles that no call requires yet, and the callers that have them: {privacy=[tests]}");
      assertThat(pod.log()).doesNotContain("app-secret", "token-of-100");
    }
  }

  private String by(FaultyProxy postgres) {
    return url.replace(":" + port + "/", ":" + postgres.port() + "/");
  }

  private static String assertEnds(Pod.Settings settings, String reason) {
    long start = System.nanoTime();
    StartLog log = StartLog.ofFailure(settings);
    assertThat(log.messages("ERROR")).singleElement().asString().startsWith(reason);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(40));
    return log.toString();
  }
}
