package org.psidgateway.migration.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.migration.work.Conserved.assertConserved;

import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.Transactions;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.Sql;

/** A standby that took over without the last transactions hears of them from the pods. */
@Beside
class ForgottenCallTest extends OneMigration {
  private static final String TOLD =
      "concat_ws(' ', mapped, unmapped, unanswered, under_way, units, units_held, units_uncertain, calls, asked)";

  @BeforeEach
  void list() {
    list = Listed.running(dataSource, 10);
  }

  /** From now on everybody asks a database that knows what this one knows at present. */
  private Runnable standby() {
    Backing.Database behind = Backing.copy(database);
    return () -> {
      database = behind;
      dataSource = clock.over(database.dataSource());
      sql = new Sql(dataSource);
      transactions = new Transactions(dataSource);
      decisions = new Decisions(transactions, lease);
      pods(ledgers);
    };
  }

  private String told() {
    return list.text(sql, TOLD);
  }

  @Test
  void settlementThatWasLost_isMadeAgain() throws SQLException {
    Granted granted = granted(ids(1, 5));
    Runnable standby = standby();
    settle(answer(granted));
    standby.run();

    settle(answer(granted));
    settle(answer(granted));

    assertThat(told()).isEqualTo("5 0 0 0 5 0 0 1 5");
  }

  @Test
  void callThatWasLostWhole_isCountedOnce_whenItsAnswerIsSettledAgain() throws SQLException {
    Runnable standby = standby();
    Granted granted = granted(ids(1, 5));
    settle(answer(granted));
    standby.run();

    settle(answer(granted));
    settle(answer(granted));

    assertThat(told()).isEqualTo("5 0 0 0 5 0 0 1 5");
  }

  @Test
  void callThatWasLostWhole_andEndedUncertain_isCountedAsSuch_andItsLateAnswerToo()
      throws SQLException {
    Runnable standby = standby();
    Granted granted = granted(ids(1, 5));
    lose(granted);
    standby.run();

    lose(granted);
    lose(granted);
    assertThat(told()).isEqualTo("0 0 5 0 0 0 5 1 5");
    settle(answer(granted));

    assertThat(told()).isEqualTo("5 0 0 0 5 0 0 1 5");
  }

  @Test
  void idsOfACallThatWasLostWhole_whichWereGrantedOnceMoreMeanwhile_areTheLaterCalls()
      throws SQLException {
    Runnable standby = standby();
    Granted lost = granted(ids(1, 5));
    standby.run();
    Granted again = granted(ids(1, 3));

    lose(lost);
    assertThat(told()).isEqualTo("0 0 2 3 0 3 5 1 5");
    settle(answer(lost));
    assertThat(told()).isEqualTo("2 0 0 3 5 3 0 1 5");
    settle(answer(again));

    assertThat(told()).isEqualTo("5 0 0 0 8 0 0 2 8");
  }

  @Test
  void grantThatWasLost_andNeverSent_leavesNothing() throws SQLException {
    Runnable standby = standby();
    Granted granted = granted(ids(1, 5));
    standby.run();

    settle(Settlement.unsent(granted.call(), "late"));

    assertThat(told()).isEqualTo("0 0 0 0 0 0 0 0 0");
    assertConserved(sql, list);
  }
}
