package org.psidgateway.migration.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.psidgateway.migration.work.Conserved.assertConserved;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.lease.Lease;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Decision.Denied;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.limits.Signal;
import org.psidgateway.migration.Moves;
import org.psidgateway.migration.State;
import org.psidgateway.migration.list.ListVerdict;
import org.psidgateway.migration.list.ListsByHand;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.Beside;

/** Calls of a migration, and what its row and its list say after each step of their lives. */
@Beside
class MigrationAccountTest extends OneMigration {
  private static final String COUNTS =
      "concat_ws(' ', mapped, unmapped, invalid, failed, unanswered, under_way)";
  private static final String UNITS =
      "concat_ws(' ', units, units_held, units_uncertain, calls, asked)";

  @BeforeEach
  void list() {
    list = Listed.running(dataSource, 10);
  }

  private String counts() {
    return list.text(sql, COUNTS);
  }

  private String units() {
    return list.text(sql, UNITS);
  }

  @Test
  void answer_decidesItsIds_andMovesUnits() throws SQLException {
    Granted granted = granted(ids(1, 5));
    assertThat(counts()).isEqualTo("0 0 0 0 0 5");
    assertThat(units()).isEqualTo("0 5 0 0 0");

    settle(answer(granted, psid(1), psid(2), Verdict.UNMAPPED, Verdict.UNMAPPED, psid(5)));

    assertThat(counts()).isEqualTo("3 2 0 0 0 0");
    assertThat(units()).isEqualTo("3 0 0 1 5");
    assertThat(list.verdict(sql, 5)).isEqualTo(Long.toString(psid(5)));
    assertThat(list.verdict(sql, 6)).isNull();
  }

  @Test
  void refusal_thatListsIds_decidesThose_andGivesTheOthersBack() throws SQLException {
    Granted granted = granted(ids(1, 5));

    settle(
        Settlement.refused(
            granted.call(),
            Findings.of(new long[] {2, 3}, Verdict.REJECTED),
            "invalid_ids",
            Signal.OPEN,
            Usage.UNKNOWN));

    assertThat(counts()).isEqualTo("0 0 2 0 0 0");
    assertThat(units()).isEqualTo("0 0 0 1 5");
    assertThat(granted(1, 4, 5).asids()).containsExactly(1, 4, 5);
  }

  @Test
  void callThatWasNotSent_leavesNothingBehind() throws SQLException {
    Granted granted = granted(ids(1, 5));

    settle(Settlement.unsent(granted.call(), "late"));

    assertThat(counts()).isEqualTo("0 0 0 0 0 0");
    assertThat(units()).isEqualTo("0 0 0 0 0");
  }

  @Test
  void uncertainCall_leavesItsIdsUnanswered_andALateAnswerDecidesThem() throws SQLException {
    Granted granted = granted(ids(1, 5));

    lose(granted);
    assertThat(counts()).isEqualTo("0 0 0 0 5 0");
    assertThat(units()).isEqualTo("0 0 5 1 5");
    settle(answer(granted));

    assertThat(counts()).isEqualTo("5 0 0 0 0 0");
    assertThat(units()).isEqualTo("5 0 0 1 5");
  }

  @Test
  void callOfADeadPod_isFoundByAnothersSweeper_withItsIds() throws SQLException {
    granted(ids(1, 5));
    later();

    assertThat(two.sweep()).isEqualTo(1);

    assertConserved(sql, list);
    assertThat(counts()).isEqualTo("0 0 0 0 5 0");
    assertThat(list.verdict(sql, 3)).isEqualTo("0");
  }

  @Test
  void unansweredIds_areAskedAgain_andAnswered() throws SQLException {
    lose(granted(ids(1, 5)));
    later();

    Granted again = granted(ids(3, 7));
    assertThat(counts()).isEqualTo("0 0 0 0 2 5");
    settle(answer(again));

    assertThat(counts()).isEqualTo("5 0 0 0 2 0");
    assertThat(units()).isEqualTo("5 0 5 2 10");
  }

  @Test
  void lateAnswer_whileItsIdsAreAskedAgain_leavesThemToTheLaterCall() throws SQLException {
    list = Listed.running(dataSource, 5);
    Granted first = granted(ids(1, 5));
    lose(first);
    later();
    Granted again = granted(ids(1, 4));

    settle(answer(first));
    assertThat(counts()).isEqualTo("1 0 0 0 0 4");
    settle(answer(again));

    assertThat(counts()).isEqualTo("5 0 0 0 0 0");
    assertThat(state()).isEqualTo("completed");
  }

  @Test
  void lateAnswer_whoseIdsAreInACallThatEndsUncertainToo_isFoundByTheOwner() throws SQLException {
    Granted first = granted(ids(1, 5));
    lose(first);
    later();
    Granted again = granted(ids(1, 4));
    settle(answer(first));

    lose(again);
    assertThat(counts()).isEqualTo("1 0 0 0 4 0");
    joined(ids(1, 4), psid(1), psid(2), psid(3), psid(4));

    assertThat(counts()).isEqualTo("5 0 0 0 0 0");
  }

  @Test
  void lateAnswer_whoseIdsACallerIsAsking_decidesThem() throws SQLException {
    Granted first = granted(ids(1, 5));
    lose(first);
    later();
    assertThat(two.reserve(request(null, ids(1, 5)))).isInstanceOf(Granted.class);

    settle(answer(first));

    assertThat(counts()).isEqualTo("5 0 0 0 0 0");
  }

  @Test
  void cancelled_countsUnansweredIdsAsFailed_andALateAnswerIsStoredAlone() throws SQLException {
    Granted granted = granted(ids(1, 5));
    lose(granted);
    decisions.move(list.id(), fence, State.CANCELLED, null);
    assertConserved(sql, list);
    assertThat(counts()).isEqualTo("0 0 0 5 0 0");
    String before = list.text(sql, "migration::text");

    settle(answer(granted));

    assertThat(list.text(sql, "migration::text")).isEqualTo(before);
    assertThat(list.verdict(sql, 1)).isEqualTo("0");
    assertThat(sql.number("select count(*) from mapping")).isEqualTo(5);
    assertThat(diary()).containsExactly("running cancelled gateway");
  }

  @Test
  void idThatAnImportHasStoredOtherwise_showsWhatIsStored() throws SQLException {
    Granted granted = granted(ids(1, 5));
    stored(2, 77);
    stored(3, 78);

    settle(answer(granted, psid(1), psid(2), Verdict.UNMAPPED, psid(4), Verdict.UNMAPPED));

    assertThat(list.verdict(sql, 2)).isEqualTo("77");
    assertThat(list.verdict(sql, 3)).isEqualTo("78");
    assertThat(counts()).isEqualTo("4 1 0 0 0 0");
  }

  @Test
  void idThatOthersHaveAnswered_isDecidedOnce_andCountsAsJoined() throws SQLException {
    stored(2, psid(2));
    joined(new long[] {2, 3}, psid(2), Verdict.UNMAPPED);
    joined(new long[] {2, 3}, psid(2), Verdict.UNMAPPED);

    assertThat(counts()).isEqualTo("1 1 0 0 0 0");
    assertThat(list.number(sql, "joined")).isEqualTo(2);
  }

  @Test
  void idInACallUnderWay_isLeftToTheCall_whateverOthersSay() throws SQLException {
    Granted granted = granted(1, 2);
    joined(new long[] {2, 3}, psid(2), psid(3));
    assertThat(counts()).isEqualTo("1 0 0 0 0 2");

    settle(answer(granted));

    assertThat(counts()).isEqualTo("3 0 0 0 0 0");
    assertThat(list.number(sql, "joined")).isEqualTo(1);
  }

  @Test
  void idThatIsDecided_isNotAskedOnceMore() throws SQLException {
    joined(new long[] {2}, ListVerdict.REFUSED_ALONE);

    assertThat(((Denied) reserve(account(), 1, 2)).why()).isEqualTo(Fate.QUEUED);

    assertThat(granted(1, 3).asids()).hasSize(2);
    assertThat(counts()).isEqualTo("0 0 0 1 0 2");
  }

  @Test
  void callThatAPodOfTheVersionBeforeHasEnded_isNotWaitedForForEver() throws SQLException {
    granted(ids(1, 5));
    list.set(sql, "next_state = 'paused', next_reason = 'operator', next_by = 'crm'");
    assertThat(job().astray()).isFalse();
    later();
    assertThat(ledgers.on(dataSource, (id, page) -> null).sweep()).isEqualTo(1);
    assertThat(job().astray()).isTrue();

    decisions.recount(list.id(), fence);
    decisions.conclude(list.id(), fence);

    assertThat(job().astray()).isFalse();
    assertThat(list.text(sql, "concat_ws(' ', state, under_way, units_held, units_uncertain)"))
        .isEqualTo("paused 0 0 5");
  }

  @Test
  void quotaCap_isKeptToExactly_byACallThatIsCut() throws SQLException {
    list.set(sql, "quota_cap = 7");
    Granted five = granted(ids(1, 5));
    assertThat(granted(ids(6, 10)).asids()).containsExactly(6, 7);
    assertThat(reserve(account(), 8)).isInstanceOf(Wait.class);

    settle(answer(five, psid(1), Verdict.UNMAPPED, psid(3), psid(4), psid(5)));

    assertThat(granted(ids(8, 10)).asids()).containsExactly(8);
    assertThat(units()).isEqualTo("4 3 0 1 5");
  }

  @Test
  void quotaCap_countsUnitsOfUncertainCalls_untilTheyAreAnswered() throws SQLException {
    list.set(sql, "quota_cap = 6");
    Granted lost = granted(ids(1, 5));
    lose(lost);
    later();
    Granted again = granted(ids(1, 10));
    assertThat(again.asids()).containsExactly(1);
    lose(again);
    later();
    assertThat(reserve(account(), ids(1, 10))).isInstanceOf(Wait.class);

    settle(
        answer(
            lost, Verdict.UNMAPPED, Verdict.UNMAPPED, Verdict.UNMAPPED, Verdict.UNMAPPED, psid(5)));

    assertThat(granted(ids(6, 10)).asids()).containsExactly(6, 7, 8, 9);
  }

  @Test
  void noCall_forOneThatIsPaused_orStopping_orLate_orAnothers_orEnded() throws SQLException {
    for (String closed :
        List.of(
            "state = 'paused'",
            "state = 'awaiting_confirmation'",
            "next_state = 'paused', next_by = 'crm'",
            "deadline = ledger_now()",
            "finished_at = ledger_now(), state = 'cancelled'")) {
      list = Listed.running(dataSource, 10);
      list.set(sql, closed);
      Decision decision = reserve(account(), 1);
      assertThat(decision).as(closed).isInstanceOf(Denied.class);
      assertThat(((Denied) decision).why()).isEqualTo(Fate.QUEUED);
    }
    assertThat(sql.number("select count(*) from claim")).isZero();
    assertThat(sql.number("select held from budget")).isZero();
  }

  @Test
  void zombie_getsNoCall_andDecidesNothing_onceAnotherPodIsTheOwner() throws SQLException {
    MigrationAccount zombies = account();
    Job job = job();
    clock.advance(Lease.TERM.plusSeconds(1));
    Lease others = new Lease("migrations");
    assertThat(transactions.run(others::take)).isPresent();

    assertThat(reserve(zombies, 1)).isInstanceOf(Denied.class);
    assertThatThrownBy(() -> decisions.joined(job, fence, new long[] {1}, new long[] {7}))
        .isInstanceOf(Decisions.Lost.class);

    assertThat(counts()).isEqualTo("0 0 0 0 0 0");
  }

  @Test
  void answerOfAMigrationThatWasDeleted_isStoredAllTheSame() throws SQLException {
    Granted granted = granted(ids(1, 5));
    Granted other = granted(ids(6, 8));
    MigrationAccount account = account();
    sql.execute("delete from migration");
    ListsByHand.drop(dataSource, list.no());

    one.settle(answer(granted));
    one.settle(Settlement.uncertain(other.call(), "timeout"));

    assertThat(sql.number("select count(*) from mapping")).isEqualTo(5);
    assertThat(sql.number("select committed from budget")).isEqualTo(5);
    assertThat(sql.number("select uncertain from budget")).isEqualTo(3);
    assertThat(one.reserve(request(account, 9))).isInstanceOf(Denied.class);
  }

  @Test
  void expiredCallOfAMigrationThatWasDeleted_isSwept() throws SQLException {
    granted(ids(1, 5));
    sql.execute("delete from migration");
    ListsByHand.drop(dataSource, list.no());
    later();

    assertThat(two.sweep()).isEqualTo(1);

    assertThat(sql.number("select uncertain from budget")).isEqualTo(5);
  }

  @Test
  void settlingTwice_changesNothing_howeverTheCallEnded() throws SQLException {
    Granted answered = granted(1, 2);
    Granted refused = granted(3, 4);
    Granted unsent = granted(5, 6);
    Granted lost = granted(7, 8);
    List<Settlement> all =
        List.of(
            answer(answered),
            Settlement.refused(
                refused.call(),
                Findings.of(new long[] {3}, Verdict.REJECTED),
                "invalid_ids",
                Signal.OPEN,
                Usage.UNKNOWN),
            Settlement.unsent(unsent.call(), "late"),
            Settlement.uncertain(lost.call(), "timeout"));
    for (Settlement once : all) {
      settle(once);
    }
    String counts = counts() + " " + units();

    for (Settlement twice : all) {
      settle(twice);
    }

    assertThat(counts() + " " + units()).isEqualTo(counts).isEqualTo("2 0 1 0 2 0 2 0 2 3 6");
  }

  @Test
  void throttle_givesIdsBack() throws SQLException {
    Granted granted = granted(1, 2);

    settle(
        Settlement.throttled(
            granted.call(), true, Optional.empty(), "throttled_app", Usage.UNKNOWN));

    assertThat(counts()).isEqualTo("0 0 0 0 0 0");
    assertThat(units()).isEqualTo("0 0 0 1 2");
  }

  @Test
  void pauseThatIsWanted_comesWithTheEndOfTheLastCall_once() throws SQLException {
    Granted first = granted(1, 2);
    Granted second = granted(3, 4);
    decisions.move(list.id(), fence, State.PAUSED, "quota_exhausted");
    assertThat(state()).isEqualTo("running");
    assertThat(reserve(account(), 5)).isInstanceOf(Denied.class);

    settle(answer(first));
    assertThat(state()).isEqualTo("running");
    lose(second);
    settle(answer(second));
    decisions.conclude(list.id(), fence);

    assertThat(state()).isEqualTo("paused");
    assertThat(list.text(sql, "desired")).isEqualTo("paused");
    assertThat(diary()).containsExactly("running paused quota_exhausted gateway");
  }

  @Test
  void settlementOfTheLastId_completes() throws SQLException {
    settle(answer(granted(ids(1, 9))));
    Granted last = granted(10);
    assertThat(state()).isEqualTo("running");

    settle(answer(last, Verdict.UNMAPPED));

    assertThat(state()).isEqualTo("completed");
    assertThat(diary()).containsExactly("running completed gateway");
    assertThat(sql.texts("select counts from migration_event"))
        .containsExactly("[10, 0, 0, 10, 0, 9, 1, 0, 0, 0]");
  }

  @Test
  void joinOfTheLastId_completes_andOfTheLastButACallDoesNot() throws SQLException {
    Granted underWay = granted(10);
    joined(ids(1, 9), ids(1, 9));
    assertThat(state()).isEqualTo("running");
    settle(Settlement.unsent(underWay.call(), "late"));
    assertThat(state()).isEqualTo("running");

    joined(new long[] {10}, psid(10));

    assertThat(state()).isEqualTo("completed");
  }

  @Test
  void pauseThatIsWanted_whileTheLastIdsComeIn_isTheEndInstead() throws SQLException {
    Granted all = granted(ids(1, 10));
    decisions.move(list.id(), fence, State.PAUSED, "quota_exhausted");

    settle(answer(all));

    assertThat(state()).isEqualTo("completed");
    assertThat(diary()).containsExactly("running completed gateway");
    assertThat(list.text(sql, "next_state")).isNull();
  }

  @Test
  void cancelThatIsWanted_whileTheLastIdsComeIn_isACancel() throws SQLException {
    Granted all = granted(ids(1, 10));
    transactions.run(
        connection -> {
          RoundTrip trip = RoundTrip.opening();
          Moves.moveNext(trip, list.id(), State.CANCELLED, null, "crm");
          trip.run(connection);
          return true;
        });

    settle(answer(all));

    assertThat(diary()).containsExactly("running cancelled crm");
  }
}
