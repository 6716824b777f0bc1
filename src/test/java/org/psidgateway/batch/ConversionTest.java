package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.batch.BatchHarness.ids;
import static org.psidgateway.batch.ScriptedLedger.NOTHING_SEEN;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.batch.BatchHarness.Caller;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.testing.LogLines;
import org.psidgateway.upstream.Outcome;

/** From the permit to the call: what each decision, and each failure on the way, leads to. */
class ConversionTest {
  private static final Duration JITTER = Duration.ofMillis(16);

  private final BatchHarness heart = new BatchHarness();

  @AfterEach
  void nothingIsLeftBehind() {
    heart.assertQuietInTheEnd();
  }

  @Test
  void wait_appWide_holdsTheLane_givesItsReason_andGoesOn() {
    heart.ledger.script.add(
        request -> ScriptedLedger.wait(Duration.ofSeconds(5), Fate.COOLING_DOWN, true));
    Caller caller = heart.ask(1);
    Caller other = heart.new Caller(new PageId(200), Lane.INTERACTIVE, Duration.ofHours(1), 7);

    assertThat(heart.probe(Lane.INTERACTIVE, 1)).isEqualTo(Fate.COOLING_DOWN);
    heart.ticker.advance(Duration.ofSeconds(5).minusMillis(1));
    assertThat(heart.ledger.requests).hasSize(1); // of the whole lane
    heart.ticker.advance(JITTER);

    assertThat(caller.done).isDone();
    assertThat(other.done).isDone();
  }

  @Test
  void wait_ofOnePage_leavesTheOthersAlone() {
    heart.ledger.script.add(
        request -> ScriptedLedger.wait(Duration.ofSeconds(5), Fate.COOLING_DOWN, false));
    Caller caller = heart.ask(1);
    Caller other = heart.new Caller(new PageId(200), Lane.INTERACTIVE, Duration.ofHours(1), 7);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(other.done).isDone();
    assertThat(heart.probe(Lane.INTERACTIVE, 1)).isEqualTo(Fate.COOLING_DOWN);
    assertThat(caller.done).isNotDone();
    heart.ticker.advance(Duration.ofSeconds(5));

    assertThat(caller.done).isDone();
  }

  @Test
  void longWait_isAskedAboutAgain_everyTenSeconds() {
    for (int i = 0; i < 3; i++) {
      heart.ledger.script.add(
          request -> ScriptedLedger.wait(Duration.ofHours(9), Fate.QUOTA_RESERVED, false));
    }
    Caller caller = heart.ask(1);

    heart.ticker.advance(Duration.ofSeconds(30));

    assertThat(heart.ledger.requests).hasSize(4);
    assertThat(caller.done).isDone();
  }

  @Test
  void waitOfHours_isSurvived_turnByTurn() {
    for (int i = 0; i < 5_000; i++) {
      heart.ledger.script.add(
          request -> ScriptedLedger.wait(Duration.ofHours(9), Fate.QUOTA_RESERVED, true));
    }
    Caller caller = heart.ask(1);

    heart.ticker.advance(Duration.ofHours(14));

    assertThat(heart.ledger.script).isEmpty();
    assertThat(caller.done).isDone();
  }

  @Test
  void denied_endsAllThatWaits_withTheReason() {
    heart.ledger.script.add(request -> new Decision.Denied(Fate.QUOTA_EXHAUSTED, NOTHING_SEEN));

    Caller caller = heart.ask(ids(1, 500));

    assertThat(caller.fates()).containsOnly(Fate.QUOTA_EXHAUSTED);
    assertThat(heart.upstream.asked).isEmpty();
    heart.ticker.advance(Duration.ofSeconds(1));
    assertThat(heart.ledger.requests).hasSize(1);
  }

  @Test
  void knownByNow_isAnsweredFromTheStore_andTheRestIsAsked() {
    Findings known = new Findings(new long[] {1}, new long[] {77}, new long[] {5});
    heart.ledger.script.add(
        request ->
            heart.ledger.grant(
                request,
                new Seen(List.of(new PageFindings(Queues.PAGE, known)), Map.of(), Set.of()),
                2));

    Caller caller = heart.ask(1, 2);

    assertThat(caller.answers.psid(0)).isEqualTo(77);
    assertThat(caller.answers.source(0)).isEqualTo(Source.STORE);
    assertThat(caller.answers.psid(1)).isEqualTo(1002);
    assertThat(heart.cached).contains(known);
  }

  @Test
  void crowdedCandidates_areTwiceAsMany_nextTime() {
    heart.ledger.script.add(
        request ->
            new Decision.Nothing(
                new Seen(List.of(), Map.of(UUID.randomUUID(), ids(1, 100)), Set.of())));

    heart.queue(ids(1, 500));
    heart.ticker.advance(Duration.ofMillis(1));

    assertThat(heart.ledger.requests.get(0).candidates()).hasSize(200);
    assertThat(heart.ledger.requests.get(1).candidates()).hasSize(400);
    assertThat(heart.upstream.asked.get(0)).hasSize(200);
  }

  @Test
  void idsThatOthersAsk_areAnsweredOnceTheyAre() {
    UUID call = UUID.randomUUID();
    heart.ledger.script.add(
        request ->
            new Decision.Nothing(new Seen(List.of(), Map.of(call, new long[] {1}), Set.of())));
    Caller caller = heart.ask(1);
    heart.ticker.advance(Duration.ofMillis(100));
    assertThat(heart.ledger.looks).hasSize(1);
    Findings known = new Findings(new long[] {1}, new long[] {77}, new long[] {5});
    heart.ledger.lookScript.add(
        awaited ->
            new Ledger.Revisit(
                new Seen(List.of(new PageFindings(Queues.PAGE, known)), Map.of(), Set.of()),
                Duration.ofSeconds(1)));

    heart.ticker.advance(Duration.ofSeconds(1));

    assertThat(caller.answers.psid(0)).isEqualTo(77);
    assertThat(heart.upstream.asked).isEmpty();
    heart.ticker.advance(Duration.ofMinutes(1));
    assertThat(heart.ledger.looks).hasSize(2); // nobody waits for one any more
  }

  @Test
  void idsWhoseOtherCallEnded_areAskedHere() {
    UUID call = UUID.randomUUID();
    heart.ledger.script.add(
        request ->
            new Decision.Nothing(new Seen(List.of(), Map.of(call, new long[] {1}), Set.of())));
    Caller caller = heart.ask(1);
    heart.ledger.lookScript.add(awaited -> new Ledger.Revisit(NOTHING_SEEN, Duration.ofSeconds(1)));

    heart.ticker.advance(Duration.ofMillis(100).plus(BatchHarness.LINGER));

    assertThat(heart.upstream.asked.get(0)).containsExactly(1);
    assertThat(caller.done).isDone();
  }

  @Test
  void lookThatFails_isMadeAgain_aSecondLater() {
    UUID call = UUID.randomUUID();
    heart.ledger.script.add(
        request ->
            new Decision.Nothing(new Seen(List.of(), Map.of(call, new long[] {1}), Set.of())));
    Caller caller = heart.ask(1);
    heart.ledger.lookScript.add(
        awaited -> {
          throw new SQLException("away", "08006");
        });
    heart.ledger.lookScript.add(awaited -> new Ledger.Revisit(NOTHING_SEEN, Duration.ofSeconds(1)));

    heart.ticker.advance(Duration.ofSeconds(1));
    assertThat(heart.ledger.looks).hasSize(1);
    heart.ticker.advance(Duration.ofMillis(200));

    assertThat(heart.ledger.looks).hasSize(2);
    assertThat(caller.done).isDone();
  }

  @Test
  void nothingFree_forNoReasonAtAll_waitsALittleMoreEachTime() {
    for (int i = 0; i < 3; i++) {
      heart.ledger.script.add(request -> new Decision.Nothing(NOTHING_SEEN));
    }
    heart.ask(1);

    heart.ticker.advance(Duration.ofMillis(100));
    assertThat(heart.ledger.requests).hasSize(2);
    heart.ticker.advance(Duration.ofMillis(200));
    assertThat(heart.ledger.requests).hasSize(3);
    heart.ticker.advance(Duration.ofMillis(400));
    assertThat(heart.upstream.asked).hasSize(1);
  }

  @Test
  void postgresAway_holdsBothLanes_releasesWhatMayHaveBeenGranted_andGoesOn() {
    away(2);
    Caller caller = heart.ask(1);
    Caller background =
        heart.new Caller(BatchHarness.PAGE, Lane.BACKGROUND, Duration.ofHours(1), 5);

    assertThat(heart.ledger.outcomes()).containsExactly("reply_lost");
    assertThat(heart.ledger.settled.get(0).call().id())
        .isEqualTo(heart.ledger.requests.get(0).callId());
    assertThat(heart.probe(Lane.INTERACTIVE, 1)).isEqualTo(Fate.QUEUED);
    heart.ticker.advance(Duration.ofMillis(999));
    assertThat(heart.ledger.requests).hasSize(1);
    heart.ticker.advance(JITTER.plusMillis(1));
    assertThat(heart.ledger.requests).hasSize(2);

    heart.ticker.advance(Duration.ofSeconds(4));

    assertThat(caller.done).isDone();
    assertThat(background.done).isDone();
  }

  @Test
  void postgresRefuses_holdsThisPageAlone() {
    heart.ledger.script.add(
        request -> {
          throw new SQLException("no such table", "42P01");
        });
    Caller caller = heart.ask(1);
    Caller other = heart.new Caller(new PageId(200), Lane.INTERACTIVE, Duration.ofHours(1), 7);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(other.done).isDone();
    assertThat(heart.probe(Lane.INTERACTIVE, 1)).isEqualTo(Fate.UPSTREAM_UNAVAILABLE);
    heart.ticker.advance(Duration.ofSeconds(1));
    assertThat(caller.done).isDone();
  }

  @Test
  void outageOfHours_isTriedEveryFiveSeconds() {
    away(10_000);
    heart.ask(1);
    heart.ticker.advance(Duration.ofSeconds(60));
    int before = heart.ledger.requests.size();

    heart.ticker.advance(Duration.ofHours(1));

    assertThat(heart.ledger.requests.size() - before).isBetween(700, 721);
  }

  @Test
  void errorInTheFlow_endsTheWait_andTheNextConversionStarts() {
    heart.upstream.connecting =
        () -> {
          throw new IllegalStateException("a defect");
        };
    try (LogLines log = LogLines.insteadOfConsole(Conversion.class)) {
      Caller caller = heart.ask(1);
      assertThat(caller.fates()).containsExactly(Fate.UPSTREAM_UNAVAILABLE);
      assertThat(log.seen()).containsExactly("ERROR Conversion failed unexpectedly");
    }
    heart.upstream.connecting = () -> {};

    Caller next = heart.ask(2);

    assertThat(next.fates()).containsExactly(Fate.MAPPED);
    assertThat(heart.gauge("gateway.batch.calls")).isZero();
  }

  @Test
  void breakerOpen_reservesNothing_andGoesOnOnceItLetsCallsThrough() {
    heart.upstream.accepting = false;
    Caller caller = heart.ask(1);
    heart.ticker.advance(Duration.ofSeconds(3));
    assertThat(heart.ledger.requests).isEmpty();
    assertThat(heart.probe(Lane.INTERACTIVE, 1)).isEqualTo(Fate.UPSTREAM_UNAVAILABLE);

    heart.upstream.accepting = true;
    heart.ticker.advance(Duration.ofSeconds(5));

    assertThat(caller.done).isDone();
  }

  @Test
  void tokenCannotBeRead_releasesTheGrant_andTriesAgain() {
    heart.pages.away = true;
    Caller caller = heart.ask(1);
    assertThat(heart.ledger.outcomes()).containsExactly("store_unavailable");

    heart.pages.away = false;
    heart.ticker.advance(Duration.ofSeconds(1));

    assertThat(caller.done).isDone();
  }

  @Test
  void tokenReplacedMeanwhile_isAskedWithTheNewOne() {
    heart.pages.token = Optional.empty();
    heart.pages.revision = 2;
    Caller caller = heart.ask(1);
    assertThat(heart.ledger.outcomes()).containsExactly("no_token");
    assertThat(caller.done).isNotDone();

    heart.pages.token = Optional.of("new");
    heart.ticker.advance(Duration.ofMillis(100));

    assertThat(caller.done).isDone();
  }

  @Test
  void tokenThatNoKeyDecrypts_isInvalid() {
    heart.pages.token = Optional.empty();

    Caller caller = heart.ask(1);

    assertThat(caller.fates()).containsExactly(Fate.TOKEN_INVALID);
    assertThat(heart.ledger.outcomes()).containsExactly("no_token");
  }

  @Test
  void grantThatCameTooLate_isReleased_andTheNextOneHasMoreTime() {
    heart.ledger.script.add(
        request -> {
          Decision.Granted granted = heart.ledger.grant(request);
          heart.ticker.advance(Duration.ofSeconds(3));
          return granted;
        });
    Caller caller = heart.ask(1);
    assertThat(heart.ledger.outcomes()).containsExactly("late");
    assertThat(heart.ledger.late).isEqualTo(1);
    assertThat(heart.upstream.asked).isEmpty();

    heart.ticker.advance(Duration.ofMillis(100));

    assertThat(caller.done).isDone();
  }

  @Test
  void connectionThatTookTooLong_isLateToo() {
    heart.upstream.script.add(ScriptedUpstream.answers(new Outcome.Unsent("late")));

    Caller caller = heart.ask(1);
    heart.ticker.advance(Duration.ofMillis(100));

    assertThat(heart.ledger.late).isEqualTo(1);
    assertThat(heart.ledger.outcomes()).containsExactly("late", "answered");
    assertThat(caller.done).isDone();
  }

  @Test
  void freshGrant_leaves_withoutAnotherLookAtTheCooldown() {
    heart.ledger.coolingDown = true;

    Caller caller = heart.ask(1);

    assertThat(caller.done).isDone();
  }

  @Test
  void olderGrant_isKeptBack_byACooldownThatHasBegunMeanwhile() {
    heart.ledger.coolingDown = true;
    heart.upstream.connecting = () -> heart.ticker.advance(Duration.ofMillis(300));
    Caller caller = heart.ask(1);
    assertThat(heart.ledger.outcomes()).contains("cooling_down");
    assertThat(heart.upstream.asked).isEmpty();

    heart.ledger.coolingDown = false;
    heart.ticker.advance(Duration.ofSeconds(5));

    assertThat(caller.done).isDone();
    assertThat(heart.ledger.sent).containsExactly(Duration.ofMillis(300));
  }

  @Test
  void callsUnderWay_areAsManyAsThereArePermits() {
    CompletableFuture<Outcome> first = new CompletableFuture<>();
    heart.upstream.script.add(ScriptedUpstream.later(first));
    CompletableFuture<Outcome> second = new CompletableFuture<>();
    heart.upstream.script.add(ScriptedUpstream.later(second));

    heart.queue(ids(1, 600));
    heart.ticker.advance(Duration.ofSeconds(1));
    assertThat(heart.upstream.asked).hasSize(2);
    assertThat(heart.gauge("gateway.batch.calls")).isEqualTo(2);
    first.complete(ScriptedUpstream.psids(ids(1, 200)));
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(heart.upstream.asked).hasSize(3);
    second.complete(ScriptedUpstream.psids(ids(201, 400)));
  }

  @Test
  void answerThatCannotBeStored_keepsItsPermit_andIsStoredLater() {
    heart.ledger.settlesThatFail = 3;

    Caller caller = heart.ask(1);
    assertThat(heart.gauge("gateway.batch.unsettled")).isEqualTo(1);
    assertThat(heart.gauge("gateway.batch.calls")).isEqualTo(1);
    assertThat(caller.done).isNotDone();
    heart.ticker.advance(Duration.ofSeconds(1));

    assertThat(caller.done).isDone();
    assertThat(heart.gauge("gateway.batch.unsettled")).isZero();
    assertThat(heart.gauge("gateway.batch.calls")).isZero();
  }

  @Test
  void answerThatPostgresRefuses_givesItsPermitBack_afterAMinute() {
    heart.ledger.settlesThatFail = 5;
    heart.ledger.settleFailure = "42P01";
    Caller caller = heart.ask(1);

    heart.ticker.advance(Duration.ofSeconds(59));
    assertThat(heart.gauge("gateway.batch.calls")).isEqualTo(1);
    heart.ticker.advance(Duration.ofSeconds(32));
    assertThat(heart.gauge("gateway.batch.calls")).isZero();
    assertThat(caller.done).isNotDone();
    heart.ticker.advance(Duration.ofMinutes(2));

    assertThat(caller.done).isDone();
    assertThat(heart.gauge("gateway.batch.unsettled")).isZero();
  }

  private void away(int times) {
    for (int i = 0; i < times; i++) {
      heart.ledger.script.add(
          request -> {
            throw new SQLException("away", "08006");
          });
    }
  }
}
