package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.psidgateway.db.Outage;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.ops.OutageLog;

/**
 * Has the ledger commit how calls ended, however long that takes: an answer that was paid for is
 * never dropped while the process lives. It keeps the permit of its call meanwhile, so that at most
 * concurrency x batch size answers wait while PostgreSQL is away. After a minute it gives the
 * permit back, since it may be this very answer that can't be stored, as long as few such answers
 * wait.
 */
final class Settler {
  private static final Logger LOG = Logger.getLogger(Settler.class);
  private static final long FIRST_PAUSE = 100;
  private static final long LONGEST_PAUSE = 2_000;

  /** For a statement that is refused for a reason of its own: somebody has to mend that. */
  static final Duration REFUSED_PAUSE = Duration.ofSeconds(30);

  private static final long PERMIT_KEPT = TimeUnit.MINUTES.toNanos(1);

  /** Times the concurrency: so many answers may wait without the permit of their call. */
  private static final int MOST_WITHOUT_PERMIT = 8;

  private final Ledger ledger;
  private final Duration refusedPause;
  private final int mostWithoutPermit;
  private final AtomicInteger unsettled;
  private final AtomicBoolean refused = new AtomicBoolean();
  private final OutageLog outage =
      new OutageLog(
          Settler.class,
          "Answers wait in memory to be stored: PostgreSQL is unavailable",
          "Answers are stored again");

  /**
   * @param refusedPause how long to wait where PostgreSQL refuses an answer for a reason of its own
   * @param unsettled counts the outcomes that could not be committed at once, and wait
   */
  Settler(Ledger ledger, int concurrency, Duration refusedPause, AtomicInteger unsettled) {
    this.ledger = ledger;
    this.refusedPause = refusedPause;
    this.mostWithoutPermit = MOST_WITHOUT_PERMIT * concurrency;
    this.unsettled = unsettled;
  }

  /** Emits once it is committed, with the time that was written. Never fails. */
  Uni<Instant> commit(Settlement settlement, Turns.Turn permit) {
    return Uni.createFrom()
        .emitter(
            emitter -> attempt(new Attempt(settlement, permit, System.nanoTime(), 0), emitter));
  }

  /** Releases what a reserve may have granted without our hearing of it. */
  Uni<Instant> giveBack(Ledger.Request request, Turns.Turn permit) {
    Call perhaps = new Call(request.callId(), request.page(), request.lane(), request.candidates());
    return commit(Settlement.unsent(perhaps, "reply_lost"), permit);
  }

  private record Attempt(Settlement settlement, Turns.Turn permit, long since, int tries) {
    Attempt next() {
      return new Attempt(settlement, permit, since, tries + 1);
    }

    Duration pause() {
      return Duration.ofMillis(Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(tries, 10)));
    }
  }

  private void attempt(Attempt attempt, UniEmitter<? super Instant> emitter) {
    Dispatcher.onWorker(() -> ledger.settle(attempt.settlement()))
        .subscribe()
        .with(
            at -> {
              unsettled.addAndGet(attempt.tries() > 0 ? -1 : 0);
              outage.recovered();
              refused.set(false);
              emitter.complete(at);
            },
            failure -> {
              unsettled.addAndGet(attempt.tries() == 0 ? 1 : 0);
              releasePermit(attempt);
              Dispatcher.after(pause(attempt, failure))
                  .subscribe()
                  .with(now -> attempt(attempt.next(), emitter));
            });
  }

  private Duration pause(Attempt attempt, Throwable failure) {
    if (Outage.is(failure)) {
      outage.failed(Outage.describe(failure));
      return attempt.pause();
    }
    if (refused.compareAndSet(false, true)) {
      LOG.errorf(
          "PostgreSQL refuses to store an answer (%s): it is kept in memory and tried again every"
              + " %d s; see the runbook",
          Outage.describe(failure), refusedPause.toSeconds());
    }
    return attempt.tries() == 0 ? attempt.pause() : refusedPause;
  }

  private void releasePermit(Attempt attempt) {
    boolean overdue = System.nanoTime() - attempt.since() > PERMIT_KEPT;
    if (overdue && unsettled.get() <= mostWithoutPermit) {
      attempt.permit().end();
    }
  }
}
