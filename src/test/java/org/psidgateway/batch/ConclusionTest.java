package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.batch.BatchHarness.ids;
import static org.psidgateway.batch.ScriptedUpstream.answers;
import static org.psidgateway.batch.ScriptedUpstream.refuses;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.psidgateway.batch.BatchHarness.Caller;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.limits.Signal;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.upstream.Outcome;
import org.psidgateway.upstream.UpstreamError;

/** From the call's outcome to the callers. */
class ConclusionTest {
  /** A PSID for 1, and none for 2. */
  private static final Outcome ONE_OF_TWO =
      new Outcome.Answered(
          Findings.of(new long[] {1, 2}, new long[] {1001, Verdict.UNMAPPED}), 1, Usage.UNKNOWN);

  private final BatchHarness heart = new BatchHarness();

  @AfterEach
  void nothingIsLeftBehind() {
    heart.assertQuietInTheEnd();
  }

  @Test
  void idThatTheAnswerLeavesOut_isUnmapped() {
    heart.upstream.script.add(answers(ONE_OF_TWO));

    Caller caller = heart.ask(1, 2);

    assertThat(caller.fates()).containsExactly(Fate.MAPPED, Fate.NOT_RETURNED_BY_UPSTREAM);
  }

  @Test
  void callers_getWhatIsStored_whereSomebodyElseWasFaster() {
    heart.ledger.stored =
        List.of(new PageFindings(new PageId(100), Findings.of(new long[] {2}, 99)));
    heart.upstream.script.add(answers(ONE_OF_TWO));

    Caller caller = heart.ask(1, 2);

    assertThat(caller.fates()).containsExactly(Fate.MAPPED, Fate.MAPPED);
    assertThat(caller.answers.psid(1)).isEqualTo(99);
  }

  @Test
  void transientFailure_isRetried_withinFourAttempts() {
    for (int i = 0; i < 3; i++) {
      heart.upstream.script.add(refuses(UpstreamError.TRANSIENT));
    }
    Caller caller = heart.ask(1);

    heart.ticker.advance(Duration.ofSeconds(2)); // 0.2 + 0.4 + 0.8 at most

    assertThat(caller.fates()).containsExactly(Fate.MAPPED);
    assertThat(heart.ledger.outcomes())
        .containsExactly("transient", "transient", "transient", "answered");
    assertThat(heart.ledger.requests)
        .extracting(Ledger.Request::retry)
        .containsExactly(false, true, true, true);
    assertThat(heart.meters.get("gateway.batch.retries").counter().count()).isEqualTo(3);
  }

  @Test
  void transientFailure_thatGoesOn_endsAfterFourAttempts() {
    for (int i = 0; i < 9; i++) {
      heart.upstream.script.add(answers(new Outcome.Unsent("connect_failed")));
    }
    Caller caller = heart.ask(1);

    heart.ticker.advance(Duration.ofMinutes(1));

    assertThat(caller.fates()).containsExactly(Fate.UPSTREAM_UNAVAILABLE);
    assertThat(heart.upstream.asked).hasSize(BatchHarness.ATTEMPTS);
    assertThat(heart.ledger.outcomes()).containsOnly("connect_failed");
  }

  @Test
  void transientFailure_thatNamesATime_isAThrottle() {
    heart.upstream.script.add(refuses(UpstreamError.TRANSIENT, Optional.of(Duration.ofMinutes(3))));

    Caller caller = heart.ask(1);

    assertThat(heart.ledger.settled.get(0).signal())
        .isEqualTo(Signal.throttled(true, Optional.of(Duration.ofMinutes(3))));
    heart.ticker.advance(BatchHarness.LINGER); // it is queued; the ledger decides when it goes
    assertThat(caller.done).isDone();
  }

  @ParameterizedTest
  @EnumSource(names = {"THROTTLED_APP", "THROTTLED_PAGE"})
  void throttle_isSettledAsOne_andTheIdsAreQueuedAgain(UpstreamError error) {
    heart.upstream.script.add(refuses(error));
    heart.ledger.script.add(heart.ledger::grant);
    heart.ledger.script.add(
        request -> ScriptedLedger.wait(Duration.ofMinutes(5), Fate.COOLING_DOWN, true));

    Caller caller = heart.ask(1);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(heart.ledger.settled.get(0).signal())
        .isEqualTo(Signal.throttled(error == UpstreamError.THROTTLED_APP, Optional.empty()));
    assertThat(heart.probe(Lane.INTERACTIVE, 1)).isEqualTo(Fate.COOLING_DOWN);
    heart.ticker.advance(Duration.ofMinutes(5).plusSeconds(1));
    assertThat(caller.fates()).containsExactly(Fate.MAPPED);
  }

  @Test
  void wrongToken_pausesThePage() {
    assertEnds(UpstreamError.TOKEN, Signal.PASSED, Fate.TOKEN_INVALID);
    assertThat(heart.pages.paused).containsExactly("token_invalid");
  }

  @Test
  void missingPermission_pausesThePage() {
    assertEnds(UpstreamError.PERMISSION, Signal.DENIED, Fate.PERMISSION_DENIED);
    assertThat(heart.pages.paused).containsExactly("permission_denied");
  }

  @Test
  void wrongAppSecret_isSaid_andPausesNoPage() {
    assertEnds(UpstreamError.APP_SECRET, Signal.UNPROVEN, Fate.APP_SECRET_REJECTED);
    assertThat(heart.pages.paused).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"RETIRED", "MISADDRESSED"})
  void apiThatIsNoMore_closesTheWindow(UpstreamError error) {
    assertEnds(error, Signal.RETIRED, Fate.WINDOW_CLOSED);
  }

  private void assertEnds(UpstreamError error, Signal signal, Fate fate) {
    heart.upstream.script.add(refuses(error));

    Caller caller = heart.ask(1, 2);

    assertThat(caller.fates()).containsOnly(fate);
    assertThat(heart.ledger.settled.get(0).signal()).isEqualTo(signal);
    assertThat(heart.upstream.asked).hasSize(1);
  }

  @Test
  void listedIds_areRejectedForGood_andTheOthersAreAskedAgain() {
    heart.upstream.script.add(refuses(UpstreamError.IDS_LISTED, 2));

    Caller caller = heart.ask(1, 2, 3);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(caller.fates()).containsExactly(Fate.MAPPED, Fate.REJECTED_BY_UPSTREAM, Fate.MAPPED);
    assertThat(heart.upstream.asked.get(1)).containsExactlyInAnyOrder(1, 3);
  }

  @Test
  void idThatIsAlwaysAmongRefusals_isLookedAtByHalves() {
    heart.upstream.script.add(refuses(UpstreamError.IDS_LISTED));
    heart.upstream.script.add(refuses(UpstreamError.IDS_LISTED));
    heart.upstream.script.add(refuses(UpstreamError.IDS_LISTED));
    heart.upstream.script.add(refuses(UpstreamError.IDS_LISTED));

    Caller caller = heart.ask(1, 2);
    heart.ticker.advance(Duration.ofSeconds(1));

    assertThat(caller.done).isDone();
    assertThat(heart.upstream.asked).hasSize(6);
    assertThat(heart.upstream.asked.get(4)).hasSize(1);
    assertThat(heart.ledger.requests.get(5).isolation()).isTrue();
  }

  @Test
  void badIdAmong200_isFoundByHalves_whileTheOthersGetTheirAnswers() {
    alwaysRefuse(77);

    Caller caller = heart.ask(ids(1, 200));
    heart.ticker.advance(Duration.ofSeconds(1));

    assertThat(caller.fateOf(77)).isEqualTo(Fate.REFUSED_ALONE);
    assertThat(caller.fates().stream().filter(fate -> fate == Fate.MAPPED)).hasSize(199);
    assertThat(heart.upstream.asked.size()).isLessThanOrEqualTo(17);
  }

  @Test
  void manyBadIds_costNoMoreCallsThanTheBudget() {
    alwaysRefuse(ids(1, 200));

    Caller caller = heart.ask(ids(1, 200));
    heart.ticker.advance(Duration.ofSeconds(1));

    assertThat(caller.done).isDone();
    assertThat(heart.upstream.asked).hasSize(17);
    assertThat(caller.fates()).contains(Fate.UPSTREAM_UNAVAILABLE).doesNotContain(Fate.MAPPED);
  }

  @Test
  void idRefusedAlone_travelsAlone_forAnHour() {
    alwaysRefuse(1);
    assertThat(heart.ask(1).fates()).containsExactly(Fate.REFUSED_ALONE);

    Caller mixed = heart.ask(1, 2, 3);

    assertThat(mixed.fates()).containsExactly(Fate.REFUSED_ALONE, Fate.MAPPED, Fate.MAPPED);
    assertThat(heart.upstream.asked).hasSize(3);
    assertThat(heart.upstream.asked).anySatisfy(asids -> assertThat(asids).containsExactly(1));
    heart.ticker.advance(Duration.ofHours(1));
    heart.ask(1, 4);
    assertThat(heart.upstream.asked.get(3)).containsExactlyInAnyOrder(1, 4);
  }

  @Test
  void suspectThatHasToWait_holdsUpNobody() {
    alwaysRefuse(1);
    heart.ask(1);
    heart.ledger.script.add(
        request -> ScriptedLedger.wait(Duration.ofMinutes(1), Fate.COOLING_DOWN, false));

    Caller mixed = heart.ask(1, 2);

    assertThat(mixed.fateOf(2)).isEqualTo(Fate.MAPPED);
    assertThat(heart.probe(Lane.INTERACTIVE, 9)).isEqualTo(Fate.QUEUED);
  }

  @Test
  void tooManyIds_areAskedInHalves_andNobodyIsSuspect() {
    heart.upstream.script.add(refuses(UpstreamError.TOO_MANY_IDS));

    Caller caller = heart.ask(ids(1, 4));

    assertThat(caller.fates()).containsOnly(Fate.MAPPED);
    assertThat(heart.upstream.asked).extracting(asids -> asids.length).containsExactly(4, 2, 2);
  }

  @Test
  void oneIdThatIsTooMany_isTheUpstreamsTrouble() {
    heart.upstream.script.add(refuses(UpstreamError.TOO_MANY_IDS));

    assertThat(heart.ask(1).fates()).containsExactly(Fate.UPSTREAM_UNAVAILABLE);
  }

  @Test
  void refusalOfAProbe_mayBeTheThrottleInDisguise() {
    heart.ledger.probe = true;
    heart.upstream.script.add(refuses(UpstreamError.IDS_UNLISTED));

    Caller caller = heart.ask(1, 2);
    heart.ticker.advance(Duration.ofSeconds(1));

    assertThat(heart.ledger.settled.get(0).signal()).isEqualTo(Signal.PASSED);
    assertThat(heart.upstream.asked.get(1)).hasSize(2);
    assertThat(caller.done).isDone();
  }

  @Test
  void uncertainCall_keepsItsIds_untilItsClaimsExpire() {
    heart.upstream.script.add(answers(new Outcome.Uncertain("timeout")));

    Caller caller = heart.ask(1);

    assertThat(heart.ledger.outcomes()).containsExactly("timeout");
    heart.ticker.advance(Duration.ofSeconds(5));
    assertThat(heart.upstream.asked).hasSize(1);
    assertThat(heart.ledger.looks).isNotEmpty();
    heart.ledger.lookScript.add(
        awaited -> new Ledger.Revisit(ScriptedLedger.NOTHING_SEEN, Duration.ofSeconds(1)));
    heart.ticker.advance(Duration.ofSeconds(2));
    assertThat(caller.fates()).containsExactly(Fate.MAPPED);
  }

  /** Refuses every call that has one of these ids in it, without saying which. */
  private void alwaysRefuse(long... bad) {
    heart.upstream.rest =
        asids ->
            LongStream.of(asids).anyMatch(id -> contains(bad, id))
                ? refuses(UpstreamError.IDS_UNLISTED).apply(asids)
                : Uni.createFrom().item(ScriptedUpstream.psids(asids));
  }

  private static boolean contains(long[] ids, long id) {
    return Arrays.stream(ids).anyMatch(each -> each == id);
  }
}
