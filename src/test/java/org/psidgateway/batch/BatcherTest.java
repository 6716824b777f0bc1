package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.batch.BatchHarness.ids;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.psidgateway.batch.BatchHarness.Caller;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.upstream.Outcome;
import org.psidgateway.upstream.UpstreamError;

class BatcherTest {
  private final BatchHarness heart = new BatchHarness();

  @Test
  void unknownIds_waitForTheBatchToFill_andLeaveInOneCall() {
    Caller one = heart.queue(1, 2);
    heart.ticker.advance(Duration.ofMillis(19));
    Caller two = heart.queue(3);
    assertThat(heart.upstream.asked).isEmpty();

    heart.ticker.advance(Duration.ofMillis(1));

    assertThat(heart.upstream.asked).hasSize(1);
    assertThat(heart.upstream.asked.get(0)).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(one.done).isDone();
    assertThat(one.answers.psid(1)).isEqualTo(1002);
    assertThat(one.answers.source(1)).isEqualTo(Source.UPSTREAM);
    assertThat(two.fates()).containsExactly(Fate.MAPPED);
    assertThat(heart.ledger.outcomes()).containsExactly("answered");
  }

  @Test
  void fullBatch_leavesAtOnce_andTheRestAfterLinger() {
    Caller caller = heart.queue(ids(1, 250));

    assertThat(heart.upstream.asked).hasSize(1);
    assertThat(heart.upstream.asked.get(0)).hasSize(200);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(heart.upstream.asked.get(1)).hasSize(50);
    assertThat(caller.done).isDone();
  }

  @Test
  void idThatIsUnderWay_isAskedOnce_forAllWhoWant() {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    heart.upstream.script.add(ScriptedUpstream.later(answer));
    Caller early = heart.ask(1);
    Caller late = heart.ask(1, 2);
    assertThat(heart.upstream.asked).hasSize(2); // the second one with 2 alone
    assertThat(heart.upstream.asked.get(1)).containsExactly(2);

    answer.complete(ScriptedUpstream.psids(new long[] {1}));

    assertThat(early.done).isDone();
    assertThat(late.done).isDone();
    assertThat(late.answers.psid(0)).isEqualTo(1001);
    assertThat(heart.meters.get("gateway.batch.joined").counter().count()).isEqualTo(1);
  }

  @Test
  void ids_areThoseOfWhoeverAskedFirst_evenIfSomebodyElseIsLeftWaiting() {
    Duration day = Duration.ofDays(1);
    heart.new Caller("first", BatchHarness.PAGE, Lane.INTERACTIVE, Duration.ZERO, 1, 2);
    heart.new Caller("second", BatchHarness.PAGE, Lane.INTERACTIVE, day, 2, 3);
    heart.ticker.advance(BatchHarness.LINGER);

    Ledger.Request request = heart.ledger.requests.get(0);
    Map<Long, String> callers = new TreeMap<>();
    for (int i = 0; i < request.candidates().length; i++) {
      callers.put(request.candidates()[i], request.callers()[i]);
    }
    assertThat(callers).isEqualTo(Map.of(1L, "first", 2L, "first", 3L, "second"));
    assertThat(heart.ledger.settled.get(0).call().callers()).hasSize(3);
  }

  @Test
  void callerThatGivesUp_getsPending_whileTheWorkGoesOn() {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    heart.upstream.script.add(ScriptedUpstream.later(answer));
    Caller caller =
        heart.new Caller(BatchHarness.PAGE, Lane.INTERACTIVE, Duration.ofSeconds(1), 1, 2);

    heart.ticker.advance(Duration.ofSeconds(1));

    assertThat(caller.done).isDone();
    assertThat(caller.fates()).containsOnly(Fate.QUEUED);
    assertThat(heart.ledger.settled).isEmpty();
    answer.complete(ScriptedUpstream.psids(new long[] {1, 2}));
    assertThat(heart.ledger.outcomes()).containsExactly("answered");
    assertThat(heart.cached).hasSize(1);
  }

  @Test
  void pagesHaveBatchesOfTheirOwn() {
    Caller one = heart.queue(1);
    Caller other = heart.new Caller(new PageId(200), Lane.INTERACTIVE, Duration.ofSeconds(9), 1);

    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(heart.upstream.asked).hasSize(2);
    assertThat(one.done).isDone();
    assertThat(other.done).isDone();
  }

  @Test
  void answersAreDated_asTheyWereCommitted() {
    heart.ask(1);

    assertThat(heart.cached.get(0).checkedAt())
        .containsExactly(ScriptedLedger.COMMITTED.getEpochSecond());
  }

  @Test
  void room_isWhatTheQueueStillTakes_butForTheHalfThatIsLeftToCallers() {
    assertThat(heart.batcher.room()).isEqualTo(5_000);
    heart.upstream.script.add(ScriptedUpstream.later(new CompletableFuture<>()));
    heart.ask(ids(1, 200));
    assertThat(heart.batcher.room()).isEqualTo(4_800);

    heart.batcher.drain(new ShutdownDelayInitiatedEvent());
    assertThat(heart.batcher.room()).isZero();
  }

  @Test
  void drain_endsWaitsForPermits_letsCallsFinish_andTurnsNewcomersAway() throws Exception {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    heart.upstream.script.add(ScriptedUpstream.later(answer));
    Caller underWay = heart.ask(1);
    Caller waiting = heart.queue(2);

    heart.batcher.drain(new ShutdownDelayInitiatedEvent());
    Caller newcomer = heart.ask(3);

    assertThat(waiting.fates()).containsExactly(Fate.QUEUED);
    assertThat(newcomer.fates()).containsExactly(Fate.QUEUED);
    assertThat(underWay.done).isNotDone();
    answer.complete(ScriptedUpstream.psids(new long[] {1}));
    assertThat(underWay.fates()).containsExactly(Fate.MAPPED);
    heart.batcher.stop(new ShutdownEvent());
    assertThat(heart.upstream.asked).hasSize(1);
    assertThat(heart.gauge("gateway.draining")).isEqualTo(1);
  }

  @Test
  void drain_endsEveryWait_beforeRequestsAreCutOff_andKeepsTheAnswerAllTheSame() {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    heart.upstream.script.add(ScriptedUpstream.later(answer));
    Caller underWay = heart.ask(1);

    heart.batcher.drain(new ShutdownDelayInitiatedEvent());
    heart.ticker.advance(Duration.ofSeconds(8));

    assertThat(underWay.fates()).containsExactly(Fate.QUEUED);
    answer.complete(ScriptedUpstream.psids(new long[] {1}));
    assertThat(heart.ledger.outcomes()).containsExactly("answered");
  }

  @Test
  void drain_dismissesConversionsThatWaitForAPermit() {
    heart.upstream.script.add(ScriptedUpstream.refuses(UpstreamError.TRANSIENT));
    heart.ledger.script.add(heart.ledger::grant);
    heart.ledger.script.add(
        request -> ScriptedLedger.wait(Duration.ofMinutes(1), Fate.COOLING_DOWN, true));
    Caller held = heart.ask(1);
    heart.ticker.advance(Duration.ofSeconds(1)); // its retry is held: it has its ids

    heart.batcher.drain(new ShutdownDelayInitiatedEvent());

    assertThat(held.fates()).containsExactly(Fate.QUEUED);
    assertThat(heart.gauge("gateway.batch.queued")).isZero();
  }
}
