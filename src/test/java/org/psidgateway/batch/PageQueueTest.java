package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.Source;
import org.psidgateway.testing.ManualTicker;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.trace.Trace;

class PageQueueTest {
  private static final int IDS = 200;

  private final ManualTicker ticker = new ManualTicker();
  private Load load = new Load(1_000_000);
  private PageQueue queue = Queues.queue(load, ticker);

  @Test
  void callersThatHangUp_leaveNothingBehind_butTheirIds() {
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    for (int caller = 0; caller < 2_000; caller++) {
      waiting.add(join(IDS).done(Duration.ofHours(1)).subscribeAsCompletionStage());
    }
    assertThat(load.lines()).isEqualTo(2_000 * IDS);
    assertThat(ticker.armed()).isEqualTo(2_000);

    waiting.forEach(caller -> caller.cancel(true));

    assertThat(load.lines()).isZero();
    assertThat(load.ids()).isEqualTo(IDS);
    assertThat(ticker.armed()).isZero();
    assertThat(queue.all(Lane.INTERACTIVE))
        .hasSize(IDS)
        .allSatisfy(id -> assertThat(id.waiters()).isEmpty());
  }

  @Test
  void callerWhoseAnswerNobodyTakes_leavesAtTheEndOfItsPatience() {
    join(IDS).done(Duration.ofMillis(20)); // cancelled before it was subscribed to

    ticker.advance(Duration.ofMillis(19));
    assertThat(load.lines()).isEqualTo(IDS);
    ticker.advance(Duration.ofMillis(1));
    assertThat(load.lines()).isZero();
  }

  @Test
  void callerWithoutPatience_getsPendingAtOnce_andItsIdsStay() {
    Answers answers = answers(IDS);

    queue
        .join(Queues.PAGE, Lane.INTERACTIVE, OneCaller.NAME, answers, Trace.NONE)
        .done(Duration.ZERO)
        .await()
        .indefinitely();

    assertThat(answers.fate(0)).isEqualTo(Fate.QUEUED);
    assertThat(load.ids()).isEqualTo(IDS);
    assertThat(load.lines()).isZero();
  }

  @Test
  void callerWithEndlessPatience_waitsUntilTheLastAnswer() {
    Answers answers = answers(2);
    CompletableFuture<Void> done =
        queue
            .join(Queues.PAGE, Lane.BACKGROUND, OneCaller.NAME, answers, Trace.NONE)
            .done()
            .subscribeAsCompletionStage();

    answer(1);
    ticker.advance(Duration.ofDays(2));
    assertThat(done).isNotDone();
    answer(2);

    assertThat(done).isDone();
    assertThat(answers.open()).isZero();
  }

  @Test
  void callersThatStay_getTheirAnswers_howeverManyLeaveMeanwhile() {
    List<Answers> answered = new ArrayList<>();
    List<CompletableFuture<Void>> leaving = new ArrayList<>();
    for (int caller = 0; caller < 50; caller++) {
      Answers answers = answers(IDS);
      Ticket ticket =
          queue.join(Queues.PAGE, Lane.INTERACTIVE, OneCaller.NAME, answers, Trace.NONE);
      if (caller % 3 == 0) {
        answered.add(answers);
      } else {
        leaving.add(ticket.done(Duration.ofHours(1)).subscribeAsCompletionStage());
      }
    }
    leaving.forEach(caller -> caller.cancel(true));
    assertThat(load.lines()).isEqualTo(answered.size() * IDS);

    answer(IDS);

    assertThat(answered).allSatisfy(answers -> assertThat(answers.open()).isZero());
    assertThat(load.lines()).isZero();
    assertThat(load.ids()).isZero();
  }

  @Test
  void manyCallersForTheSameIds_findTheQueueFull_asManyIdsDo() {
    load = new Load(3 * IDS);
    queue = Queues.queue(load, ticker);
    for (int caller = 0; caller < 3; caller++) {
      join(IDS);
    }

    Answers refused = answers(IDS);
    queue.join(Queues.PAGE, Lane.INTERACTIVE, OneCaller.NAME, refused, Trace.NONE);

    assertThat(refused.fate(0)).isEqualTo(Fate.QUEUE_FULL);
    assertThat(refused.fate(IDS - 1)).isEqualTo(Fate.QUEUE_FULL);
    assertThat(load.lines()).isEqualTo(3 * IDS);
    assertThat(load.room()).isZero();
    answer(IDS);
    assertThat(load.lines()).isZero();
    assertThat(load.room()).isEqualTo(3 * IDS);
  }

  @Test
  void callersThatAreTurnedAway_takeNobodyOffTheQueue() {
    join(IDS);
    queue.take(LongStream.rangeClosed(1, IDS).toArray(), Trace.NONE);

    Ticket.turnedAway(
            Queues.PAGE, OneCaller.NAME, answers(IDS), queue, Queues.pool(ticker), Trace.NONE)
        .done(Duration.ofSeconds(1))
        .await()
        .indefinitely();

    assertThat(load.lines()).isEqualTo(IDS);
    answer(IDS);
    assertThat(load.lines()).isZero();
  }

  @Test
  void idsThatNobodyWaitsForAnyMore_areNotAskedAgain_afterTheirCallEndedUncertain() {
    CompletableFuture<Void> caller = join(1).done(Duration.ofHours(1)).subscribeAsCompletionStage();
    UUID call = UUID.randomUUID();
    queue.leaveTo(call, new long[] {1});
    caller.cancel(true);

    queue.foreignEnded(Map.of(call, new long[] {1}), Map.of());

    assertThat(load.ids()).isZero();
    assertThat(queue.foreign()).isEmpty();
    assertThat(queue.candidates(Lane.INTERACTIVE, IDS)).isEmpty();
  }

  @Test
  void idsWhoseCallEndedUncertain_goBeforeThoseThatWereNeverAsked() {
    join(5);
    UUID call = UUID.randomUUID();
    queue.leaveTo(call, new long[] {4});

    queue.foreignEnded(queue.foreign(), Map.of());

    assertThat(queue.candidates(Lane.INTERACTIVE, 2))
        .extracting(id -> id.asid)
        .containsExactly(4L, 1L);
  }

  @Test
  void idWantedByBothLanes_movesToTheFasterOne_onceItIsQueued() {
    queue.join(Queues.PAGE, Lane.BACKGROUND, OneCaller.NAME, answers(1), Trace.NONE);
    assertThat(queue.all(Lane.BACKGROUND)).hasSize(1);
    join(1);
    assertThat(queue.all(Lane.BACKGROUND)).isEmpty();
    assertThat(queue.all(Lane.INTERACTIVE)).hasSize(1);

    queue.join(Queues.PAGE, Lane.BACKGROUND, OneCaller.NAME, answers(2), Trace.NONE);
    List<PendingId> taken = queue.take(new long[] {2}, Trace.NONE);
    join(2); // while it is on its way
    queue.requeue(taken);

    assertThat(queue.all(Lane.INTERACTIVE)).hasSize(2);
  }

  @Test
  void close_endsWaitsForCallsThatHaveNotBegun_andTheOthersIfAsked() {
    Answers early = answers(1);
    queue.join(Queues.PAGE, Lane.INTERACTIVE, OneCaller.NAME, early, Trace.NONE);
    queue.take(new long[] {1}, Trace.NONE);
    Answers late = new Answers(new long[] {7});
    queue.join(Queues.PAGE, Lane.INTERACTIVE, OneCaller.NAME, late, Trace.NONE);

    queue.close(false);
    assertThat(late.fate(0)).isEqualTo(Fate.QUEUED);
    assertThat(early.open()).isEqualTo(1);

    queue.close(true);
    assertThat(early.fate(0)).isEqualTo(Fate.QUEUED);
    assertThat(load.ids()).isZero();
  }

  @Test
  void heldLane_givesItsReason_untilTheNextTry() {
    Answers held = answers(1);
    queue.held(Lane.INTERACTIVE, Fate.COOLING_DOWN, Duration.ofSeconds(90));

    queue
        .join(Queues.PAGE, Lane.INTERACTIVE, OneCaller.NAME, held, Trace.NONE)
        .done(Duration.ZERO)
        .await()
        .indefinitely();
    ticker.advance(Duration.ofSeconds(90));
    Answers free = answers(1);
    queue
        .join(Queues.PAGE, Lane.INTERACTIVE, OneCaller.NAME, free, Trace.NONE)
        .done(Duration.ZERO)
        .await()
        .indefinitely();

    assertThat(held.fate(0)).isEqualTo(Fate.COOLING_DOWN);
    assertThat(held.retryAfterSeconds()).isEqualTo(91);
    assertThat(free.fate(0)).isEqualTo(Fate.QUEUED);
    assertThat(free.retryAfterSeconds()).isEqualTo(1);
  }

  private Ticket join(int ids) {
    return queue.join(Queues.PAGE, Lane.INTERACTIVE, OneCaller.NAME, answers(ids), Trace.NONE);
  }

  private static Answers answers(int ids) {
    return new Answers(LongStream.rangeClosed(1, ids).toArray());
  }

  private void answer(int ids) {
    long[] asids = LongStream.rangeClosed(1, ids).toArray();
    queue.answered(
        new PageFindings(Queues.PAGE, new Findings(asids, asids.clone(), new long[ids])),
        Source.UPSTREAM);
  }
}
