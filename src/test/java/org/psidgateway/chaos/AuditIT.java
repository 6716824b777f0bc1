package org.psidgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;
import org.psidgateway.testing.PostgresBinaries;
import org.psidgateway.testing.Sql;

/** The audit sees what is wrong: it would be of no use otherwise. */
class AuditIT {
  private static final String CALL =
      "insert into call (call_id, page_id, lane, state, grant_no, asked, returned, granted_at,"
          + " expires_at, settled_at) values ";

  private static Servers servers;
  private Services services;
  private Sql sql;
  private Audit audit;

  @BeforeAll
  static void start() {
    servers = new Servers(PostgresBinaries.EMBEDDED);
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @BeforeEach
  void world() {
    services = servers.services();
    sql = services.database().sql();
    audit = new Audit(sql, services.graph().witness(), services.graph().script(), Plan.usual());
  }

  @AfterEach
  void end() {
    services.close();
  }

  @Test
  void anEmptyWorld_isInOrder() throws SQLException {
    assertThat(audit.units(10)).isEmpty();
    assertThat(audit.repeats()).isEmpty();
    assertThat(audit.data(List.of())).isEmpty();
    assertThat(audit.inCooldown() + audit.besideAProbe() + audit.overPace()).isZero();
  }

  @Test
  void units_thatNoCallAnswersFor_areFound() throws SQLException {
    sql.execute("update budget set committed = 11");

    assertThat(audit.units(10)).extracting(Finding::promise).contains("Q1", "Q3");
  }

  @Test
  void psidsOfIdMatching_thatNoCallBrought_areFound() throws SQLException {
    sql.execute("update budget set matched = 1");

    assertThat(audit.units(10)).extracting(Finding::promise).contains("Q3");
  }

  @Test
  void id_grantedWhileAnotherCallAsksIt_isFound() throws SQLException {
    sql.execute(CALL + call(1, "clock_timestamp()"));
    sql.execute(CALL + call(2, "clock_timestamp() + interval '1 second'"));
    sql.execute("insert into claim values (100, 8, '" + id(1) + "', 'infinity')");
    sql.execute("update claim set call_id = '" + id(2) + "'");
    assertThat(audit.repeats()).extracting(Finding::promise).containsExactly("Q2");
  }

  @Test
  void callsInACooldown_andBesideAProbe_areFound() throws SQLException {
    sql.execute("update standing set cooldown_until = clock_timestamp() + interval '1 second'");
    sql.execute(CALL + call(1, "clock_timestamp()"));
    sql.execute(CALL + call(2, "clock_timestamp() + interval '1.5 seconds'"));
    sql.execute(CALL + call(3, "clock_timestamp() + interval '1.6 seconds'"));

    assertThat(audit.inCooldown()).isEqualTo(1);
    assertThat(audit.besideAProbe()).isEqualTo(1);
  }

  private static String call(int number, String granted) {
    return "('%s', 100, 'INTERACTIVE', 'granted', %d, 1, null,".formatted(id(number), number)
        + granted
        + ", clock_timestamp() + interval '9 seconds', clock_timestamp() + interval '2 seconds')";
  }

  private static String id(int number) {
    return "00000000-0000-0000-0000-00000000000" + number;
  }

  @Test
  void data_lostWrongOrMadeUp_isFound() throws SQLException {
    sql.execute("insert into mapping values (100, 5, 55, now())");
    sql.execute("insert into negative values (100, 6, -1, now(), now())");
    sql.execute("insert into negative values (100, 7404, -1, now(), now())");

    long psid = SimulatedGraph.psidOf(100, 4);
    assertThat(audit.data(List.of(new Shown(100, 4, psid))))
        .extracting(Finding::promise)
        .containsExactlyInAnyOrder("D1", "D2", "D3");
  }

  @Test
  void ask_withoutAGrantTwice_isFound() throws Exception {
    ask(8);
    ask(8);

    assertThat(audit.repeats()).hasSize(1);
    assertThat(audit.strays()).hasSize(2);
    assertThat(audit.units(10)).extracting(Finding::promise).contains("Q3");
  }

  @Test
  void person_askedAboutTwice_isFound() throws Exception {
    askAbout(8);
    assertThat(audit.repeats()).isEmpty();
    askAbout(8);
    assertThat(audit.repeats()).hasSize(1);
    assertThat(audit.strays()).hasSize(2);
  }

  /** A null does not tell whether it was told: so the person may be asked about again. */
  @Test
  void person_askedAboutAgainAfterANull_isInOrder() throws Exception {
    services.graph().script().fault(Fault.of(Kind.LOSE_REPLY).onOperationsFrom(0).times(1));
    askAbout(8);
    askAbout(8);
    assertThat(audit.repeats()).isEmpty();
  }

  @Test
  void operations_beyondThePace_areFound() throws Exception {
    Plan slow = Plan.matching().withPace(3, Duration.ofHours(1));
    askAbout(1, 2);
    askAbout(3, 4);
    Audit paced = new Audit(sql, services.graph().witness(), services.graph().script(), slow);
    assertThat(paced.overPace()).isEqualTo(1);
  }

  private void askAbout(long... asids) throws Exception {
    services.graph().script().change(settings -> settings.proofRequired = false);
    String batch =
        LongStream.of(asids)
            .mapToObj("{\"method\":\"GET\",\"relative_url\":\"%d/ids_for_pages\"}"::formatted)
            .collect(Collectors.joining(",", "[", "]"));
    Forms.post(
        services.graph().baseUrl() + "/v26.0/",
        Map.of("access_token", "1|app-secret", "batch", batch));
  }

  private void ask(long asid) throws Exception {
    services.graph().script().change(settings -> settings.proofRequired = false);
    Forms.post(
        services.graph().baseUrl() + "/pages_id_mapping",
        Map.of("access_token", "token-of-100", "user_ids", Long.toString(asid)));
  }
}
