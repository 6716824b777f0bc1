package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.psidgateway.batch.CallPermits.Permit;
import org.psidgateway.ledger.Account;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.testing.ManualTicker;

class CallPermitsTest {
  private static final Duration JITTER = Duration.ofMillis(16);

  private final ManualTicker ticker = new ManualTicker();
  private final CallPermits permits = new CallPermits(2, Queues.pool(ticker));

  @Test
  void oneAsksAtATime_andAsManyCallsAreUnderWayAsThereArePermits() {
    Permit first = got(ask(Lane.INTERACTIVE, 1));
    CompletableFuture<Permit> second = ask(Lane.INTERACTIVE, 2);
    CompletableFuture<Permit> third = ask(Lane.INTERACTIVE, 3);
    assertThat(second).isNotDone();

    first.granted();
    got(second).granted();
    assertThat(third).isNotDone();
    first.close();
    first.close();

    assertThat(third).isDone();
    assertThat(permits.taken()).isEqualTo(2);
  }

  @Test
  void interactiveGoesFirst_thenWhoeverHasWaitedLongest_andBackgroundLeavesAPermit() {
    Permit running = got(ask(Lane.BACKGROUND, 5));
    CompletableFuture<Permit> background = ask(Lane.BACKGROUND, 1);
    CompletableFuture<Permit> late = ask(Lane.INTERACTIVE, 9);
    CompletableFuture<Permit> early = ask(Lane.INTERACTIVE, 8);

    running.granted();
    assertThat(background).isNotDone();
    got(early).close();
    got(late).close();
    assertThat(background).isNotDone(); // the other permit is kept free for interactive work
    running.close();

    assertThat(background).isDone();
  }

  @Test
  void background_goesBeforeInteractive_oncePerMinute() {
    Permit asking = got(ask(Lane.INTERACTIVE, 0));
    CompletableFuture<Permit> interactive = ask(Lane.INTERACTIVE, 1);
    CompletableFuture<Permit> background = ask(Lane.BACKGROUND, 2);

    ticker.advance(Duration.ofSeconds(56));
    asking.close();
    assertThat(background).isDone();
    assertThat(interactive).isNotDone();
    background.join().granted();
    assertThat(interactive).isDone();
    CompletableFuture<Permit> again = ask(Lane.BACKGROUND, 3);
    CompletableFuture<Permit> next = ask(Lane.INTERACTIVE, 4);
    background.join().close();
    interactive.join().close();

    assertThat(next).isDone();
    assertThat(again).isNotDone();
  }

  @Test
  void heldLane_goesOnByItself_whenTheTimeHasPassed_howeverOftenItIsHeld() {
    for (int round = 1; round <= 200; round++) {
      permits.hold(Lane.INTERACTIVE, Duration.ofMillis(round), Fate.QUEUED);
      CompletableFuture<Permit> waiting = ask(Lane.INTERACTIVE, round);

      ticker.advance(Duration.ofMillis(round).minusNanos(1));
      assertThat(waiting).isNotDone();
      ticker.advance(JITTER.plusMillis(1));

      assertThat(waiting).isDone();
      waiting.join().close();
    }
    assertThat(permits.taken()).isZero();
  }

  @Test
  void longHold_isAskedAboutAgain_afterTenSeconds() {
    permits.hold(Lane.INTERACTIVE, Duration.ofHours(1), Fate.COOLING_DOWN);
    CompletableFuture<Permit> waiting = ask(Lane.INTERACTIVE, 1);

    ticker.advance(Duration.ofSeconds(10).plus(JITTER));

    assertThat(waiting).isDone();
    assertThat(permits.held(Lane.INTERACTIVE)).isNotNull();
  }

  @Test
  void heldLane_goesOnEarlier_ifItIsHeldForLessThanBefore() {
    permits.hold(Lane.INTERACTIVE, Duration.ofHours(1), Fate.COOLING_DOWN);
    CompletableFuture<Permit> waiting = ask(Lane.INTERACTIVE, 1);

    permits.hold(Lane.INTERACTIVE, Duration.ofMillis(50), Fate.QUEUED);
    ticker.advance(Duration.ofMillis(51).plus(JITTER));

    assertThat(waiting).isDone();
    assertThat(permits.held(Lane.INTERACTIVE)).isNull();
  }

  @Test
  void heldLane_goesOnLater_ifItIsHeldForMoreThanBefore() {
    permits.hold(Lane.INTERACTIVE, Duration.ofMillis(50), Fate.QUEUED);
    CompletableFuture<Permit> waiting = ask(Lane.INTERACTIVE, 1);
    permits.hold(Lane.INTERACTIVE, Duration.ofSeconds(2), Fate.QUEUED);

    ticker.advance(Duration.ofSeconds(1));
    assertThat(waiting).isNotDone();
    ticker.advance(Duration.ofSeconds(1).plus(JITTER));

    assertThat(waiting).isDone();
  }

  @Test
  void heldLane_givesItsReason_andDoesNotHoldTheOtherOne() {
    permits.hold(Lane.INTERACTIVE, Duration.ofHours(1), Fate.COOLING_DOWN);
    CompletableFuture<Permit> interactive = ask(Lane.INTERACTIVE, 1);

    got(ask(Lane.BACKGROUND, 2)).close();

    assertThat(permits.held(Lane.INTERACTIVE))
        .isEqualTo(new CallPermits.Held(Fate.COOLING_DOWN, Duration.ofHours(1)));
    assertThat(permits.held(Lane.BACKGROUND)).isNull();
    assertThat(interactive).isNotDone();
  }

  @Test
  void closed_dismissesEverybody_andIsIdleOnceTheLastCallIsSettled() {
    Permit running = got(ask(Lane.INTERACTIVE, 1));
    running.granted();
    permits.hold(Lane.BACKGROUND, Duration.ofHours(1), Fate.QUEUED);
    CompletableFuture<Permit> waiting = ask(Lane.BACKGROUND, 2);

    permits.close();
    CompletableFuture<Void> idle = permits.idle();

    assertThat(permits.isClosed()).isTrue();
    assertThat(waiting.join()).isNull();
    assertThat(ask(Lane.INTERACTIVE, 3).join()).isNull();
    assertThat(idle).isNotDone();
    running.close();
    assertThat(idle).isDone();
    assertThat(permits.idle()).isDone();
  }

  @Test
  void migrations_getPermitsByTheirRank_besideCallersByTheirWait() {
    RankedAccount first = new RankedAccount("first", 1);
    RankedAccount second = new RankedAccount("second", 2);
    Permit asking = got(ask(Lane.INTERACTIVE, 0));
    CompletableFuture<Permit> ofSecond = ask(1, second);
    CompletableFuture<Permit> caller = ask(Lane.BACKGROUND, 2);
    CompletableFuture<Permit> ofFirst = ask(3, first);
    CompletableFuture<Permit> interactive = ask(Lane.INTERACTIVE, 4);

    asking.close();
    got(interactive).close();
    got(caller).close();
    assertThat(ofSecond).isNotDone();
    got(ofFirst).close();

    assertThat(ofSecond).isDone();
  }

  @Test
  void tenthGrantOfTheLane_goesToAnotherMigration() {
    RankedAccount first = new RankedAccount("first", 1);
    RankedAccount second = new RankedAccount("second", 2);
    Permit asking = got(ask(Lane.INTERACTIVE, 0));
    CompletableFuture<Permit> ofSecond = ask(1, second);
    CompletableFuture<Permit> next = ask(2, first);
    asking.close();
    for (int grant = 1; grant <= 9; grant++) {
      Permit permit = got(next);
      permit.granted();
      assertThat(ofSecond).isNotDone();
      next = ask(2L + grant, first);
      permit.close();
    }

    assertThat(ofSecond).isDone();
    assertThat(next).isNotDone();
  }

  @Test
  void heldLane_holdsItsMigrationsToo() {
    permits.hold(Lane.BACKGROUND, Duration.ofSeconds(1), Fate.COOLING_DOWN);
    CompletableFuture<Permit> waiting = ask(1, new RankedAccount("first", 1));
    assertThat(waiting).isNotDone();

    ticker.advance(Duration.ofSeconds(1).plus(JITTER).plusMillis(1));

    assertThat(waiting).isDone();
  }

  private CompletableFuture<Permit> ask(Lane lane, long since) {
    return permits.acquire(lane, since, null).subscribeAsCompletionStage();
  }

  private CompletableFuture<Permit> ask(long since, Account account) {
    return permits.acquire(Lane.BACKGROUND, since, account).subscribeAsCompletionStage();
  }

  private static Permit got(CompletableFuture<Permit> permit) {
    assertThat(permit).isDone();
    return permit.join();
  }
}
