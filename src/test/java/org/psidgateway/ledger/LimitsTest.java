package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.psidgateway.ledger.Asks.OTHER_PAGE;
import static org.psidgateway.ledger.Asks.PAGE;
import static org.psidgateway.ledger.Asks.answer;
import static org.psidgateway.ledger.Asks.background;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.ids;
import static org.psidgateway.ledger.Asks.refused;
import static org.psidgateway.ledger.Asks.request;
import static org.psidgateway.ledger.Asks.retry;
import static org.psidgateway.ledger.Asks.waits;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Nothing;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.ledger.Settlement.Lesson;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.OneConnection;
import org.psidgateway.testing.ShiftedClock;

/** What the upstream's limits make of the next call, for two pods on one database. */
@Beside
class LimitsTest {
  private final ShiftedClock clock = new ShiftedClock();
  private OneConnection connection;
  private DataSource dataSource;
  private Ledger one;
  private Ledger two;

  @BeforeEach
  void database() throws SQLException {
    connection = new OneConnection(Backing.freshDatabase().dataSource());
    dataSource = clock.over(connection.dataSource());
    execute(
        """
        insert into page (page_id, token_revision, token)
        values (100, 1, ''), (200, 1, ''), (300, 1, '')
        """);
    pods(Ledgers.unlimited());
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private void pods(Ledgers ledgers) {
    one = ledgers.on(dataSource);
    two = ledgers.on(dataSource);
  }

  // ------------------------------------------------------------------------------ cooldown

  @Test
  void afterACooldown_oneProbeGoes_andTheOthersWaitForWhatItFindsOut() throws SQLException {
    throttle(granted(one.reserve(request(1))));
    clock.advance(Duration.ofSeconds(3));

    Granted probe = granted(two.reserve(request(1)));
    assertThat(waits(one.reserve(request(2))).why()).isEqualTo(Fate.COOLING_DOWN);
    assertThat(waits(one.reserve(request(OTHER_PAGE, Lane.INTERACTIVE, 2))).appWide()).isTrue();
    two.settle(answer(probe));

    granted(one.reserve(request(2)));
    granted(two.reserve(request(3)));
  }

  @Test
  void probeThatIsThrottled_doublesTheCooldown_andOneThatSaysNothingFreesTheNext()
      throws SQLException {
    throttle(granted(one.reserve(request(1))));
    clock.advance(Duration.ofSeconds(3));
    one.settle(Settlement.uncertain(granted(one.reserve(request(1))).call(), "timeout"));
    throttle(granted(two.reserve(request(2))));

    assertThat(waits(one.reserve(request(3))).delay()).isGreaterThan(Duration.ofMillis(3500));
  }

  @Test
  void proberThatDies_blocksNobodyForLongerThanItsCallCouldTake() throws SQLException {
    throttle(granted(one.reserve(request(1))));
    clock.advance(Duration.ofSeconds(3));
    granted(one.reserve(request(1)));
    waits(two.reserve(request(2)));

    clock.advance(Duration.ofSeconds(16));

    granted(two.reserve(request(2)));
  }

  @Test
  void answerOfACallSentBefore_endsNoCooldown() throws SQLException {
    Granted early = granted(two.reserve(request(7)));
    throttle(granted(one.reserve(request(1))));
    two.settle(answer(early));

    assertThat(waits(two.reserve(request(2))).why()).isEqualTo(Fate.COOLING_DOWN);
    clock.advance(Duration.ofSeconds(3));
    granted(two.reserve(request(2)));
    waits(two.reserve(request(3))); // the probe is still under way
  }

  @Test
  void throttleOfAZombie_isHeededAllTheSame() throws SQLException {
    Granted lost = granted(one.reserve(request(1)));
    one.settle(Settlement.uncertain(lost.call(), "timeout"));
    one.settle(answer(lost));
    waitsNot(two.reserve(request(2)));

    throttle(lost);

    assertThat(waits(two.reserve(request(3))).why()).isEqualTo(Fate.COOLING_DOWN);
  }

  // --------------------------------------------------------------------------------- usage

  @Test
  void usage_bringsBackgroundToAHalt_thenAllButOneCall_andDecays() throws SQLException {
    one.settle(answer(granted(one.reserve(request(1))), new Usage(92, Usage.UNTOLD)));
    clock.advance(Duration.ofSeconds(1));
    assertThat(waits(two.reserve(background(2))).why()).isEqualTo(Fate.COOLING_DOWN);
    one.settle(answer(granted(one.reserve(request(2))), new Usage(120, Usage.UNTOLD)));
    clock.advance(Duration.ofSeconds(3));

    Granted probing = granted(one.reserve(request(3)));
    clock.advance(Duration.ofSeconds(3));
    waits(two.reserve(request(4)));
    one.settle(answer(probing));
    granted(two.reserve(request(4)));

    waits(two.reserve(background(5)));
    clock.advance(Duration.ofSeconds(22)); // 120 % are less than 90 by now
    granted(two.reserve(background(5)));
    waits(two.reserve(request(6))); // and calls are still spaced wider
    clock.advance(Duration.ofSeconds(25));
    granted(two.reserve(request(6)));
    granted(two.reserve(request(7)));
    assertThat(one.limits().page(PAGE).appUsage()).isBetween(60.0, 75.0);
  }

  @Test
  void usageOfAPage_leavesOtherPagesAlone() throws SQLException {
    one.settle(answer(granted(one.reserve(request(1))), new Usage(Usage.UNTOLD, 97)));

    waits(two.reserve(background(2)));
    granted(two.reserve(request(OTHER_PAGE, Lane.BACKGROUND, 2)));
    assertThat(one.limits().page(PAGE).pageUsage()).isGreaterThan(90);
    assertThat(one.limits().page(OTHER_PAGE).pageUsage()).isNull();
  }

  // ---------------------------------------------------------------------------- suspicions

  @Test
  void eightRefusedProbesWithLittleUse_hintAtTheLifetimeQuota_andAProbeADayFindsOut()
      throws SQLException {
    throttle(granted(one.reserve(request(1))), new Usage(3, Usage.UNTOLD));
    for (int probes = 0; probes < 8; probes++) {
      clock.advance(Duration.ofMinutes(90));
      throttle(granted(two.reserve(request(1))), new Usage(3, Usage.UNTOLD));
    }
    assertThat(refused(one.reserve(request(2))).why()).isEqualTo(Fate.QUOTA_EXHAUSTED);
    assertThat(one.quota().suspectedExhausted()).isTrue();
    clock.advance(Duration.ofHours(23));
    refused(one.reserve(request(2)));

    clock.advance(Duration.ofHours(4));
    Granted daily = granted(one.reserve(request(2)));
    waits(two.reserve(request(3)));
    one.settle(answer(daily));
    granted(two.reserve(request(3)));
    assertThat(one.quota().suspectedExhausted()).isFalse();
  }

  @Test
  void refusedProbesWithMuchUse_hintAtNothing() throws SQLException {
    throttle(granted(one.reserve(request(1))), new Usage(130, Usage.UNTOLD));
    for (int probes = 0; probes < 9; probes++) {
      clock.advance(Duration.ofMinutes(90));
      throttle(granted(one.reserve(request(1))), new Usage(130, Usage.UNTOLD));
    }
    assertThat(one.quota().suspectedExhausted()).isFalse();
  }

  @Test
  void notAllowedOnTwoPagesInARow_orDeprecatedAgainAndAgain_closesTheAppUntilSomebodyAsks()
      throws SQLException {
    deny(granted(one.reserve(request(1))), Lesson.DENIED);
    deny(granted(one.reserve(request(1))), Lesson.DENIED);
    assertThat(one.window().suspectedClosed()).isFalse();
    deny(granted(one.reserve(request(OTHER_PAGE, Lane.INTERACTIVE, 1))), Lesson.DENIED);

    assertThat(one.window().suspectedClosed()).isTrue();
    assertThat(refused(two.reserve(request(new PageId(300), Lane.INTERACTIVE, 1))).why())
        .isEqualTo(Fate.WINDOW_CLOSED);

    one.trust();
    Granted probe = granted(one.reserve(request(new PageId(300), Lane.INTERACTIVE, 1)));
    waits(two.reserve(request(2)));
    one.settle(answer(probe));
    assertThat(one.window().suspectedClosed()).isFalse();

    for (int answers = 0; answers < 3; answers++) {
      assertThat(one.window().suspectedClosed()).isFalse();
      deny(granted(two.reserve(request(5))), Lesson.RETIRED);
    }
    assertThat(one.window().suspectedClosed()).isTrue();
  }

  @Test
  void notAllowedOnTwoPages_withAnAnswerBetween_hintsAtNothing() throws SQLException {
    deny(granted(one.reserve(request(1))), Lesson.DENIED);
    one.settle(answer(granted(one.reserve(request(2)))));
    deny(granted(one.reserve(request(OTHER_PAGE, Lane.INTERACTIVE, 1))), Lesson.DENIED);

    assertThat(one.window().suspectedClosed()).isFalse();
  }

  // ------------------------------------------------------------------------ the app's proof

  @Test
  void rejectedProof_stopsAllPagesForAMinute_thenOneCallAMinuteFindsOut() throws SQLException {
    deny(granted(one.reserve(request(1))), Lesson.UNPROVEN);
    assertThat(refused(two.reserve(other(1))).why()).isEqualTo(Fate.APP_SECRET_REJECTED);
    assertThat(one.limits().unproven()).isTrue();

    clock.advance(Duration.ofSeconds(59));
    refused(one.reserve(request(1)));
    clock.advance(Duration.ofSeconds(2));
    Granted probe = granted(two.reserve(other(1)));
    waits(one.reserve(request(1)));
    deny(probe, Lesson.UNPROVEN);
    refused(one.reserve(request(1)));

    clock.advance(Duration.ofSeconds(61));
    one.settle(answer(granted(one.reserve(request(1)))));
    one.settle(answer(granted(two.reserve(request(2)))));
    one.settle(answer(granted(two.reserve(other(3)))));
    assertThat(one.limits().unproven()).isFalse();
  }

  @Test
  void proofThatIsRejectedOnOnePageAlone_leavesTheOthersAlone_untilItsTokenIsSetAnew()
      throws SQLException {
    deny(granted(one.reserve(request(1))), Lesson.UNPROVEN);
    clock.advance(Duration.ofSeconds(61));
    one.settle(answer(granted(two.reserve(other(1)))));

    deny(granted(one.reserve(request(1))), Lesson.UNPROVEN);

    granted(two.reserve(other(2)));
    clock.advance(Duration.ofMinutes(4));
    assertThat(refused(two.reserve(request(2))).why()).isEqualTo(Fate.APP_SECRET_REJECTED);
    assertThat(one.limits().unproven()).isTrue();
    one.trust();
    one.settle(answer(granted(two.reserve(request(2)))));
    assertThat(one.limits().unproven()).isFalse();
  }

  @Test
  void rejectedProof_isNoProofOfAUsedUpQuota_norTheOtherWayRound() throws SQLException {
    deny(granted(one.reserve(request(1))), Lesson.UNPROVEN);
    for (int probes = 0; probes < 8; probes++) {
      clock.advance(Duration.ofMinutes(90));
      throttle(granted(two.reserve(request(1))), new Usage(3, Usage.UNTOLD));
    }
    assertThat(refused(one.reserve(other(2))).why()).isEqualTo(Fate.QUOTA_EXHAUSTED);

    clock.advance(Duration.ofHours(27));
    deny(granted(one.reserve(other(2))), Lesson.UNPROVEN);

    assertThat(refused(one.reserve(other(2))).why()).isEqualTo(Fate.APP_SECRET_REJECTED);
  }

  private static Ledger.Request other(long asid) {
    return request(OTHER_PAGE, Lane.INTERACTIVE, asid);
  }

  // ------------------------------------------------------------------- retries, uncertainty

  @Test
  void retries_areATenthOfTheCalls_butOneInFiveSecondsInAnyCase() throws SQLException {
    granted(one.reserve(retry(1)));
    Wait wait = waits(two.reserve(retry(2)));
    assertThat(wait.why()).isEqualTo(Fate.UPSTREAM_UNAVAILABLE);
    assertThat(wait.delay()).isLessThanOrEqualTo(Duration.ofSeconds(5));
    granted(two.reserve(request(2)));
    clock.advance(Duration.ofSeconds(5));
    granted(two.reserve(retry(3)));
    waits(two.reserve(retry(4)));

    for (int id = 10; id < 40; id++) {
      granted(one.reserve(request(id)));
    }
    granted(two.reserve(retry(4))); // the third of 34
    waits(two.reserve(retry(5)));
  }

  @Test
  void muchUncertainty_letsOneSmallCallAtATimeGo_uncertainIdsFirst_andAnyOtherElse()
      throws SQLException {
    pods(Ledgers.unlimited().withCeiling(1000).withUncertainCap(0.01));
    lose(granted(one.reserve(request(ids(1, 11)))));
    assertThat(waits(two.reserve(request(20))).why()).isEqualTo(Fate.UPSTREAM_UNAVAILABLE);
    clock.advance(Duration.ofSeconds(6));

    Granted again = granted(two.reserve(request(20, 21, 1, 2)));
    assertThat(again.asids()).containsExactly(1);
    waits(one.reserve(request(3)));
    lose(again);
    clock.advance(Duration.ofSeconds(3));

    // Nobody wants the uncertain ids any more: the upstream's return is found all the same.
    Granted other = granted(two.reserve(request(20, 21, 22)));
    assertThat(other.asids()).containsExactly(20);
    two.settle(answer(other));
    Granted twice = granted(two.reserve(request(21, 22, 23, 24)));
    assertThat(twice.asids()).containsExactly(21, 22);
    two.settle(answer(twice));
    assertThat(granted(two.reserve(request(ids(31, 40)))).asids()).hasSize(4);
  }

  @Test
  void hangOfADay_costsTheCap_andAHandfulMore() throws SQLException {
    pods(Ledgers.unlimited().withCeiling(100_000).withUncertainCap(0.01));
    Duration passed = Duration.ZERO;
    for (long next = 1; passed.compareTo(Duration.ofDays(1)) < 0; ) {
      Decision decision = (next % 2 == 0 ? one : two).reserve(request(ids(next, next + 199)));
      Duration step = Duration.ofSeconds(10); // the time-out of a call
      if (decision instanceof Wait wait) {
        step = wait.delay();
      }
      clock.advance(step);
      passed = passed.plus(step);
      if (decision instanceof Granted granted) {
        next += granted.asids().length;
        lose(granted);
      }
    }
    assertThat(one.quota().uncertain()).isBetween(1_001L, 1_000L + 200 + 320);
  }

  private void lose(Granted granted) throws SQLException {
    one.settle(Settlement.uncertain(granted.call(), "timeout"));
  }

  @Test
  void idsStayMarkedUncertain_whateverBecomesOfTheCallsAfter() throws SQLException {
    pods(Ledgers.unlimited().withCeiling(1000).withUncertainCap(0.01));
    lose(granted(one.reserve(request(ids(1, 11)))));
    clock.advance(Duration.ofSeconds(6));
    one.settle(Settlement.unsent(granted(two.reserve(request(1, 2, 3))).call(), "connect"));
    throttle(granted(two.reserve(request(1, 2, 3))));
    clock.advance(Duration.ofSeconds(3));

    assertThat(granted(two.reserve(request(50, 4, 3))).asids()).containsExactly(4);
  }

  @Test
  void idsOfOneCall_areFreeWhenTheirOwnTimeIsUp() throws SQLException {
    for (int i = 0; i < 3; i++) {
      one.settle(Settlement.uncertain(granted(one.reserve(request(1))).call(), "timeout"));
      clock.advance(Duration.ofSeconds(41));
    }
    Granted both = granted(one.reserve(request(1, 2)));
    one.settle(Settlement.uncertain(both.call(), "timeout"));
    clock.advance(Duration.ofSeconds(6));

    Decision.Seen seen = two.revisit(PAGE, Map.of(both.callId(), new long[] {1, 2})).seen();

    assertThat(seen.foreign().get(both.callId())).containsExactly(1);
    assertThat(granted(two.reserve(request(1, 2))).asids()).containsExactly(2);
  }

  @Test
  void upstreamsOwnFigure_takesThePlaceOfWhatIsUncertain_andLateAnswersMoveNothing()
      throws SQLException {
    one.settle(answer(granted(one.reserve(request(ids(1, 10))))));
    Granted lost = granted(one.reserve(request(ids(11, 15))));
    one.settle(Settlement.uncertain(lost.call(), "timeout"));
    clock.advance(Duration.ofMinutes(1));
    Instant figure = clock.instant();
    clock.advance(Duration.ofMinutes(1));
    one.settle(answer(granted(one.reserve(request(21, 22)))));
    Granted fresh = granted(one.reserve(request(31, 32, 33)));
    one.settle(Settlement.uncertain(fresh.call(), "timeout"));
    Granted underWay = granted(one.reserve(request(41)));

    Ledger.Entry.Reconciliation entry = two.reconcile(13, figure, "by the dashboard", "alice");

    assertThat(entry.cleared()).isEqualTo(5);
    assertThat(entry.was()).isEqualTo(12);
    Ledger.Quota quota = one.quota();
    assertThat(quota.committed()).isEqualTo(15); // the figure, and what was settled after it
    assertThat(quota.uncertain()).isEqualTo(3); // may still be carried out
    assertThat(quota.held()).isEqualTo(1);
    one.settle(answer(lost));
    one.settle(answer(underWay));
    assertThat(one.quota().committed()).isEqualTo(16);
    assertThat(one.reserve(request(11))).isInstanceOf(Nothing.class);
    assertThat(one.entries(Long.MAX_VALUE, 3).get(0)).isEqualTo(entry);
    assertThat(one.entries(entry.number(), 100)).hasSize(5);
  }

  @Test
  void clockSetBack_leavesNoClaimBehind_thoughNoCallIsOfTheFuture() throws SQLException {
    lose(granted(one.reserve(request(1))));
    execute("update claim set lapses_at = ledger_now() + interval '1 day'");
    execute("update call set granted_at = granted_at - interval '1 minute'");

    two.sweep();
    clock.advance(Duration.ofMinutes(61));

    assertThat(granted(two.reserve(request(1))).asids()).containsExactly(1);
  }

  @Test
  void callThatCannotBeSwept_keepsNoOtherOneWaiting() throws SQLException {
    Granted stuck = granted(one.reserve(request(1)));
    granted(one.reserve(request(2)));
    execute(
        "create function refuse() returns trigger language plpgsql as $$ begin"
            + " raise 'no' using errcode = '23514'; end $$");
    execute(
        "create trigger refuse before update of state on call for each row when (old.call_id = '"
            + stuck.callId()
            + "') execute function refuse()");
    clock.advance(Duration.ofSeconds(16));

    assertThatThrownBy(two::sweep).isInstanceOf(SQLException.class);

    assertThat(one.quota().held()).isEqualTo(1);
    assertThat(one.quota().uncertain()).isEqualTo(1);
  }

  @Test
  void cooldownThatBeginsBesideAGrant_isSeen_byOneThatHasNotLeftYet() throws SQLException {
    Granted waiting = granted(two.reserve(request(2)));
    assertThat(two.coolingDown(waiting.page())).isFalse();

    throttle(granted(one.reserve(request(1))));

    assertThat(two.coolingDown(waiting.page())).isTrue();
    clock.advance(Duration.ofSeconds(3));
    assertThat(two.coolingDown(waiting.page())).isFalse();
  }

  @Test
  void upstreamThatFlaps_costsNoMoreUncertainUnits_thanItGivesPsids() throws SQLException {
    pods(Ledgers.unlimited().withCeiling(1_000_000).withUncertainCap(0.001));
    long next = 1;
    for (int hang = 0; hang < 6; hang++) {
      Granted lost = granted(one.reserve(request(ids(next, next + 199))));
      next += 200;
      lose(lost);
    }
    long before = one.quota().uncertain();
    for (int flap = 0; flap < 20; flap++) {
      for (int answers = 0; answers < 10; answers++) {
        clock.advance(Duration.ofSeconds(2));
        Granted granted = granted(one.reserve(request(ids(next, next + 199))));
        next += 200;
        two.settle(answer(granted));
      }
      Granted hangs = granted(one.reserve(request(ids(next, next + 199))));
      next += 200;
      lose(hangs);
    }
    Ledger.Quota quota = one.quota();
    assertThat(before).isBetween(1_001L, 1_200L);
    assertThat(quota.uncertain() - before).isLessThanOrEqualTo(quota.committed());
  }

  @Test
  void clockSetBack_leavesNoProbeAndNoCallBehind() throws SQLException {
    clock.advance(Duration.ofHours(5));
    throttle(granted(one.reserve(request(1))));
    clock.advance(Duration.ofSeconds(3));
    granted(one.reserve(request(1))); // the prober dies, and the clock is set right
    clock.advance(Duration.ofHours(-5));
    execute("update lease set until = 'epoch'");
    execute("update standing set cooldown_until = 'epoch'"); // of a day at most

    two.sweep();
    clock.advance(Duration.ofMinutes(1));
    assertThat(two.sweep()).isEqualTo(1);
    clock.advance(Duration.ofSeconds(6));

    assertThat(granted(two.reserve(request(1))).asids()).containsExactly(1);
  }

  // ------------------------------------------------------------------------ pace and lanes

  @Test
  void whereSlotsAreRare_eachLaneGetsItsShare() throws SQLException {
    pods(Ledgers.unlimited().withPace(20, Duration.ofHours(1), 1));
    long[] next = {1, 0}; // each lane looks again when it was told to, as a pod does
    int[] grants = new int[2];
    for (long now = 0, id = 1; now < Duration.ofMinutes(60).toMillis(); id++) {
      int lane = next[0] <= next[1] ? 0 : 1;
      clock.advance(Duration.ofMillis(Math.max(0, next[lane] - now)));
      now = Math.max(now, next[lane]);
      Decision decision = one.reserve(request(PAGE, Lane.values()[lane], id));
      long delay = decision instanceof Wait wait ? Math.min(10_000, wait.delay().toMillis()) : 0;
      grants[lane] += decision instanceof Granted ? 1 : 0;
      next[lane] = now + delay + 10;
    }
    int interactive = grants[0];
    int background = grants[1];
    assertThat(interactive).isGreaterThanOrEqualTo(8);
    assertThat(background).isGreaterThanOrEqualTo(4);
  }

  @Test
  void aPageWithAPaceOfItsOwn_keepsIt_besideTheApps() throws SQLException {
    pods(Ledgers.unlimited().withPagePace(100, 2, Duration.ofHours(1)));
    granted(one.reserve(request(1)));
    Granted unsent = granted(two.reserve(request(2)));
    assertThat(waits(one.reserve(request(3))).appWide()).isFalse();
    granted(one.reserve(request(OTHER_PAGE, Lane.INTERACTIVE, 3)));

    two.settle(Settlement.unsent(unsent.call(), "connect"));
    granted(one.reserve(request(2)));
    clock.advance(Duration.ofMinutes(59));
    waits(one.reserve(request(3)));
    clock.advance(Duration.ofMinutes(2));
    granted(one.reserve(request(3)));
  }

  @Test
  void background_yieldsToInteractiveCallsThatWait_butForOneSlotAMinute() throws SQLException {
    pods(Ledgers.unlimited().withPace(1, Duration.ofSeconds(10), 1));
    granted(two.reserve(background(1)));
    Wait wait = waits(one.reserve(request(100)));
    clock.advance(wait.delay());
    assertThat(waits(two.reserve(background(2))).delay()).isLessThan(Duration.ofSeconds(1));
    int interactive = 0;
    while (!(two.reserve(background(2)) instanceof Granted)) {
      if (one.reserve(request(200 + interactive)) instanceof Granted) {
        interactive++;
      }
      one.reserve(request(300 + interactive)); // somebody waits all the time
      clock.advance(Duration.ofMillis(200));
      assertThat(interactive).isLessThan(7);
    }
    assertThat(interactive).isGreaterThanOrEqualTo(4);
  }

  @Test
  void underAFloodOfBackground_anInteractiveCallFindsRoomAtOnce() throws SQLException {
    pods(Ledgers.unlimited().withPace(100, Duration.ofHours(1), 2));
    for (int id = 1; two.reserve(background(id)) instanceof Granted || id < 130; id++) {
      clock.advance(Duration.ofSeconds(36));
    }
    assertThat(two.reserve(background(1000))).isInstanceOf(Wait.class);

    granted(one.reserve(request(1001)));
  }

  @Test
  void afterARestartOfPostgres_theBurstIsUsedUp_andNothingIsGivenUpForATerm() throws SQLException {
    pods(Ledgers.unlimited().withPace(100, Duration.ofSeconds(100), 3));
    granted(one.reserve(request(1)));
    clock.advance(Duration.ofSeconds(16));
    execute("update budget set server_started = server_started - interval '1 second'");

    assertThat(waits(two.reserve(request(2))).delay())
        .isBetween(Duration.ofMillis(2_900), Duration.ofSeconds(3)); // pods settle again first
    assertThat(one.sweep()).isZero();
    clock.advance(Duration.ofSeconds(4));
    granted(two.reserve(request(2)));
    clock.advance(Duration.ofSeconds(7));
    assertThat(one.sweep()).isEqualTo(1);
  }

  @Test
  void oneSweeperAtATime_andTheNextOneOnceItIsSilent() throws SQLException {
    granted(one.reserve(request(1)));
    clock.advance(Duration.ofSeconds(16));
    execute("update lease set holder = gen_random_uuid(), until = ledger_now() + interval '10 s'");
    assertThat(one.sweep()).isZero();

    clock.advance(Duration.ofSeconds(11));

    assertThat(two.sweep()).isEqualTo(1);
    granted(one.reserve(request(2)));
    clock.advance(Duration.ofSeconds(3));
    assertThat(one.sweep()).isZero();
    two.stopSweeping();
    clock.advance(Duration.ofSeconds(14));
    assertThat(one.sweep()).isEqualTo(1);
  }

  private void throttle(Granted granted) throws SQLException {
    throttle(granted, Usage.UNKNOWN);
  }

  private void throttle(Granted granted, Usage usage) throws SQLException {
    one.settle(
        Settlement.throttled(granted.call(), true, Optional.empty(), "throttled_app", usage));
  }

  private void deny(Granted granted, Lesson lesson) throws SQLException {
    one.settle(
        Settlement.refused(
            granted.call(),
            new long[granted.asids().length],
            lesson.name(),
            lesson,
            Usage.UNKNOWN));
  }

  private static void waitsNot(Decision decision) {
    assertThat(decision).isNotInstanceOf(Wait.class);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.createStatement().execute(sql);
    }
  }
}
