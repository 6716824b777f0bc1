package org.psidgateway.migration.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.psidgateway.migration.work.Conserved.assertConserved;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.Transactions;
import org.psidgateway.db.lease.Lease;
import org.psidgateway.forecast.Forecasting;
import org.psidgateway.migration.FirstState;
import org.psidgateway.migration.State;
import org.psidgateway.store.Stores;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.Intercepted;
import org.psidgateway.testing.Tariffs;

/** What becomes of a list that has come in, part by part. */
@Beside
class PreparationTest extends OneMigration {
  private static final int CONFIRM_ABOVE = 25_000;
  private static final String COUNTS =
      """
      concat_ws(' ', distinct_ids, duplicates, already_known, mapped, unmapped, invalid, known_unmapped, known_invalid)
      """;

  private SimpleMeterRegistry registry;
  private Preparation preparation;

  @BeforeEach
  void preparation() {
    registry = new SimpleMeterRegistry();
    preparation = on(decisions);
  }

  private Preparation on(Decisions by) {
    return new Preparation(
        by,
        new Comparison(Stores.on(dataSource)),
        Forecasting.on(dataSource, ledgers.limits(), Tariffs.PER_BATCH),
        new FirstState(CONFIRM_ABOVE),
        new WorkMeters(registry));
  }

  private void uploaded(long rows) {
    list = Listed.uploaded(dataSource, rows);
  }

  private void prepare() throws SQLException {
    preparation.run(job(), fence);
    assertConserved(sql, list);
    assertThat(list.number(sql, "received - malformed - duplicates - distinct_ids")).isZero();
  }

  private String counts() {
    return list.text(sql, COUNTS);
  }

  /** Rows of these lines have another id; null for none. */
  private void rows(String asid, String where) {
    sql.execute("update list_%d_row set asid = %s where %s".formatted(list.no(), asid, where));
  }

  private void negatives(String asids, int verdict, String age) {
    sql.execute(
        """
        insert into negative (page_id, asid, verdict, resolved_at, checked_at)
        select 100, i, %d, ledger_now() - interval '%s', ledger_now() - interval '%s' from %s i
        """
            .formatted(verdict, age, age, asids));
  }

  @Test
  void everyId_isListedOnce_withItsFirstLine_alsoWhereItComesAgainInAnotherPart()
      throws SQLException {
    uploaded(30_000);
    rows("line - 20000", "line between 20001 and 20010"); // of the part before
    rows("19990", "line in (19991, 19992, 20050)");
    rows("30000", "line = 29999"); // before its own line, in one part
    prepare();

    assertThat(counts()).isEqualTo("29986 14 0 0 0 0 0 0");
    assertThat(
            sql.numbers(
                "select line from list_%d_id where asid in (1, 19990, 30000) order by asid"
                    .formatted(list.no())))
        .containsExactly(1L, 19_990L, 29_999L);
    assertThat(registry.get("gateway.migration.compared").counter().count()).isEqualTo(30_000);
  }

  @Test
  void listThatFillsItsPartsExactly_hasAnEnd() throws SQLException {
    uploaded(20_000);
    prepare();

    assertThat(counts()).isEqualTo("20000 0 0 0 0 0 0 0");
    assertThat(state()).isEqualTo("running");
    assertThat(list.number(sql, "prepared_line")).isEqualTo(20_000);
  }

  @Test
  void malformedRows_areNoIds() throws SQLException {
    uploaded(10);
    rows("null", "line in (3, 7)");
    list.set(sql, "malformed = 2");
    prepare();

    assertThat(counts()).isEqualTo("8 0 0 0 0 0 0 0");
  }

  @Test
  void whatIsKnown_isDecidedAtOnce_andANegativeThatIsOldIsNot() throws SQLException {
    uploaded(40);
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at) select 100, i, 1000 + i, ledger_now() from generate_series(1, 10) i",
        "insert into mapping (page_id, asid, psid, resolved_at) values (200, 31, 7, ledger_now())");
    negatives("generate_series(11, 15)", -1, "29 days");
    negatives("generate_series(16, 18)", -2, "29 days");
    negatives("generate_series(19, 25)", -1, "31 days");
    prepare();

    assertThat(counts()).isEqualTo("40 0 10 0 5 3 5 3");
    assertThat(list.verdict(sql, 10)).isEqualTo("1010");
    assertThat(list.verdict(sql, 16)).isEqualTo("-2");
    assertThat(list.verdict(sql, 19)).isNull();
    assertThat(list.verdict(sql, 31)).isNull();
    assertThat(list.number(sql, "to_convert")).isEqualTo(22);
    assertThat(list.number(sql, "planned_calls")).isEqualTo(1);
    assertThat(list.number(sql, "quota_remaining_after")).isEqualTo(5_000_000 - 22);
    assertThat(job().answered()).isZero();
  }

  @Test
  void listThatIsKnownWhole_isCompleteAtOnce_whetherOrNotItIsToBeConfirmed() throws SQLException {
    uploaded(10);
    list.set(sql, "confirm = true, canary_ids = 3");
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at) select 100, i, 1000 + i, ledger_now() from generate_series(1, 9) i");
    negatives("generate_series(10, 10)", -1, "1 day");
    prepare();

    assertThat(state()).isEqualTo("completed");
    assertThat(list.text(sql, "finished_at")).isNotNull();
    assertThat(diary()).containsExactly("uploading completed gateway");
  }

  @Test
  void emptyList_isComplete() throws SQLException {
    uploaded(0);
    prepare();

    assertThat(state()).isEqualTo("completed");
  }

  @Test
  void confirmation_isAskedForAboveTheBound_orAlways_orNever() throws SQLException {
    assertThat(first(CONFIRM_ABOVE, "confirm = null")).isEqualTo("running running");
    assertThat(first(CONFIRM_ABOVE + 1, "confirm = null"))
        .isEqualTo("awaiting_confirmation paused");
    assertThat(first(CONFIRM_ABOVE + 1, "confirm = false")).isEqualTo("running running");
    assertThat(first(1, "confirm = true")).isEqualTo("awaiting_confirmation paused");
    assertThat(first(10, "confirm = true, canary_ids = 3"))
        .isEqualTo("awaiting_confirmation paused");
  }

  @Test
  void canary_comesFirst_ifThereAreMoreIdsThanItAsks() throws SQLException {
    assertThat(first(10, "canary_ids = 9")).isEqualTo("canary running");
    assertThat(first(10, "canary_ids = 10")).isEqualTo("running running");
    assertThat(first(10, "canary_ids = 0")).isEqualTo("running running");
  }

  private String first(int rows, String settings) throws SQLException {
    uploaded(rows);
    list.set(sql, settings);
    prepare();
    return state() + " " + list.text(sql, "desired");
  }

  @Test
  void crashInItsMidst_isGoneOnFrom_andNoRowCountsTwice() throws SQLException {
    uploaded(45_000);
    rows("line - 44000", "line between 44001 and 44100");
    Transactions dying = new Transactions(dyingAfter(13)); // the second part is written already
    assertThatThrownBy(() -> on(new Decisions(dying, lease)).run(job(), fence))
        .hasMessage("the process died");
    assertThat(list.number(sql, "prepared_line")).isEqualTo(20_000);
    assertThat(state()).isEqualTo("uploading");
    assertConserved(sql, list);

    prepare();

    assertThat(counts()).isEqualTo("44900 100 0 0 0 0 0 0");
    assertThat(state()).isEqualTo("awaiting_confirmation");
  }

  @Test
  void staleOwner_whoseLineAnotherHasPassed_countsNothing() throws SQLException {
    uploaded(100);
    Job before = job();
    prepare();
    String counts = counts();

    preparation.run(before, fence);

    assertThat(counts()).isEqualTo(counts);
    assertThat(diary()).hasSize(1);
  }

  @Test
  void ownerThatLostTheLease_writesNothing() throws SQLException {
    uploaded(100);
    Job job = job();
    clock.advance(Lease.TERM.plusSeconds(1));
    assertThat(transactions.run(new Lease("migrations")::take)).isPresent();

    assertThatThrownBy(() -> preparation.run(job, fence)).isInstanceOf(Decisions.Lost.class);

    assertThat(list.number(sql, "prepared_line + distinct_ids")).isZero();
  }

  @Test
  void cancelledMeanwhile_staysSo() throws SQLException {
    uploaded(100);
    Job job = job();
    decisions.move(list.id(), fence, State.CANCELLED, null);

    preparation.run(job, fence);

    assertThat(state()).isEqualTo("cancelled");
    assertThat(list.number(sql, "distinct_ids")).isZero();
    assertThat(diary()).containsExactly("uploading cancelled gateway");
  }

  /** Connections of a process that dies after so many statements. */
  private javax.sql.DataSource dyingAfter(int statements) {
    int[] left = {statements};
    return Intercepted.of(
        javax.sql.DataSource.class,
        (method, args) -> {
          Object answer = method.invoke(dataSource, args);
          return answer instanceof Connection connection
              ? Intercepted.of(
                  Connection.class,
                  (call, arguments) -> {
                    if (call.getName().equals("prepareStatement") && left[0]-- <= 0) {
                      throw new IllegalStateException("the process died");
                    }
                    return call.invoke(connection, arguments);
                  })
              : answer;
        });
  }
}
