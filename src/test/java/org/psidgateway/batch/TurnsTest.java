package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;

class TurnsTest {
  private final Turns turns = new Turns(2);

  @Test
  void oneAsksAtATime_andAsManyAreUnderWayAsThereArePermits() {
    Turns.Turn first = got(ask(Lane.INTERACTIVE, 1));
    CompletableFuture<Turns.Turn> second = ask(Lane.INTERACTIVE, 2);
    CompletableFuture<Turns.Turn> third = ask(Lane.INTERACTIVE, 3);
    assertThat(second).isNotDone();

    first.granted();
    got(second).granted();
    assertThat(third).isNotDone();
    first.end();
    first.end();

    assertThat(third).isDone();
    assertThat(turns.taken()).isEqualTo(2);
  }

  @Test
  void interactiveGoesFirst_thenWhoHasWaitedLongest_andBackgroundLeavesAPermit() {
    Turns.Turn running = got(ask(Lane.BACKGROUND, 5));
    CompletableFuture<Turns.Turn> background = ask(Lane.BACKGROUND, 1);
    CompletableFuture<Turns.Turn> late = ask(Lane.INTERACTIVE, 9);
    CompletableFuture<Turns.Turn> early = ask(Lane.INTERACTIVE, 8);

    running.granted();
    assertThat(background).isNotDone();
    got(early).end();
    got(late).end();
    assertThat(background).isNotDone(); // the other permit is kept free for interactive work
    running.end();

    assertThat(background).isDone();
  }

  @Test
  void heldLane_goesOnByItself_howeverOftenItIsHeld() throws InterruptedException {
    int rounds = 200;
    CountDownLatch left = new CountDownLatch(rounds);
    List<Long> early = Collections.synchronizedList(new ArrayList<>());
    holdAgainAndAgain(left, early);

    assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(early).isEmpty();
  }

  private void holdAgainAndAgain(CountDownLatch left, List<Long> early) {
    long notBefore = System.nanoTime();
    turns
        .next(Lane.INTERACTIVE, 0)
        .subscribe()
        .with(
            turn -> {
              if (turns.held(Lane.INTERACTIVE) != null) {
                early.add(System.nanoTime() - notBefore);
              }
              turns.hold(Lane.INTERACTIVE, Duration.ofNanos(3_456_789), Fate.QUEUED);
              turn.end();
              left.countDown();
              if (left.getCount() > 0) {
                holdAgainAndAgain(left, early);
              }
            });
  }

  @Test
  void heldLane_goesOnEarlier_whereItIsHeldForLessThanBefore() {
    turns.hold(Lane.INTERACTIVE, Duration.ofHours(1), Fate.COOLING_DOWN);
    CompletableFuture<Turns.Turn> waiting = ask(Lane.INTERACTIVE, 1);

    turns.hold(Lane.INTERACTIVE, Duration.ofMillis(50), Fate.QUEUED);

    Awaitility.await().atMost(Duration.ofSeconds(8)).until(waiting::isDone);
  }

  @Test
  void heldLane_tellsWhy_andHoldsTheOtherOneNot() {
    turns.hold(Lane.INTERACTIVE, Duration.ofHours(1), Fate.COOLING_DOWN);
    CompletableFuture<Turns.Turn> interactive = ask(Lane.INTERACTIVE, 1);

    got(ask(Lane.BACKGROUND, 2)).end();

    Turns.Held held = turns.held(Lane.INTERACTIVE);
    assertThat(held).isNotNull();
    assertThat(held.why()).isEqualTo(Fate.COOLING_DOWN);
    assertThat(held.left()).isGreaterThan(Duration.ofMinutes(59));
    assertThat(interactive).isNotDone();
  }

  @Test
  void closed_dismissesEverybody_andIsIdleOnceTheLastCallIsSettled() {
    Turns.Turn running = got(ask(Lane.INTERACTIVE, 1));
    running.granted();
    turns.hold(Lane.BACKGROUND, Duration.ofHours(1), Fate.QUEUED);
    CompletableFuture<Turns.Turn> waiting = ask(Lane.BACKGROUND, 2);

    turns.close();
    CompletableFuture<Void> idle = turns.idle();

    assertThat(waiting.join()).isNull();
    assertThat(ask(Lane.INTERACTIVE, 3).join()).isNull();
    assertThat(idle).isNotDone();
    running.end();
    assertThat(idle).isDone();
    assertThat(turns.idle()).isDone();
  }

  private CompletableFuture<Turns.Turn> ask(Lane lane, long since) {
    return turns.next(lane, since).subscribeAsCompletionStage();
  }

  private static Turns.Turn got(CompletableFuture<Turns.Turn> turn) {
    Awaitility.await().until(turn::isDone);
    return turn.join();
  }
}
