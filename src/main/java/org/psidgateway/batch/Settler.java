package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.psidgateway.db.Outage;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.Settled;
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

  /**
   * The pause after a statement that PostgreSQL refuses for a reason of its own: somebody has to
   * fix that.
   */
  static final Duration REFUSED_PAUSE = Duration.ofSeconds(30);

  private static final long PERMIT_KEPT = TimeUnit.MINUTES.toNanos(1);

  /** This many times the concurrency: how many answers may wait without their call's permit. */
  private static final int MOST_WITHOUT_PERMIT = 8;

  private final Ledger ledger;
  private final WorkerPool pool;
  private final Duration refusedPause;
  private final int mostWithoutPermit;
  private final AtomicInteger unsettled;
  private final AtomicInteger refused = new AtomicInteger();
  private final OutageLog outage =
      new OutageLog(
          Settler.class,
          "PostgreSQL is unavailable; answers are held in memory until it returns",
          "Answers are stored again");

  /**
   * @param refusedPause how long to wait if PostgreSQL refuses an answer for a reason of its own
   * @param unsettled counts the outcomes that could not be committed at once and still wait
   */
  Settler(
      Ledger ledger,
      WorkerPool pool,
      int concurrency,
      Duration refusedPause,
      AtomicInteger unsettled) {
    this.ledger = ledger;
    this.pool = pool;
    this.refusedPause = refusedPause;
    this.mostWithoutPermit = MOST_WITHOUT_PERMIT * concurrency;
    this.unsettled = unsettled;
  }

  /** Emits once it is committed, with what is stored then. Never fails. */
  Uni<Settled> commit(Settlement settlement, CallPermits.Permit permit) {
    return Uni.createFrom()
        .emitter(
            emitter ->
                attempt(
                    new Try(settlement, permit, pool.nanos(), 0, false, Duration.ZERO), emitter));
  }

  /** Releases what a reserve may have granted without this pod having heard of it. */
  Uni<Settled> release(Turn turn) {
    Call perhaps = turn.request.call(turn.request.candidates());
    return commit(Settlement.unsent(perhaps, "reply_lost"), turn.permit);
  }

  /**
   * @param refused whether PostgreSQL refused it for a reason of its own
   */
  private record Try(
      Settlement settlement,
      CallPermits.Permit permit,
      long since,
      int tries,
      boolean refused,
      Duration pause) {

    Try next(boolean isRefused, Duration refusedPause) {
      boolean firstTry = tries == 0; // a migration may just have ended
      long doubled = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(tries, 10));
      boolean patient =
          isRefused && !firstTry && !settlement.isUnsent(); // others wait for a permit
      Duration wait = patient ? refusedPause : Duration.ofMillis(doubled);
      return new Try(settlement, permit, since, tries + 1, isRefused, wait);
    }

    /** Whether an answer, or what a call may have cost, is in memory alone. */
    boolean isWaitingAnswer() {
      return tries > 0 && !settlement.isUnsent();
    }
  }

  private void attempt(Try attempt, UniEmitter<? super Settled> emitter) {
    pool.call(() -> ledger.settle(attempt.settlement()))
        .subscribe()
        .with(
            settled -> {
              settled(attempt);
              emitter.complete(settled);
            },
            failure -> {
              Try next = failed(attempt, failure);
              pool.after(next.pause()).subscribe().with(now -> attempt(next, emitter));
            });
  }

  private void settled(Try attempt) {
    unsettled.addAndGet(attempt.isWaitingAnswer() ? -1 : 0);
    refused.addAndGet(attempt.refused() ? -1 : 0);
    outage.recovered();
  }

  private Try failed(Try attempt, Throwable failure) {
    boolean isOutage = Outage.is(failure);
    Try next = attempt.next(!isOutage, refusedPause);
    unsettled.addAndGet(next.isWaitingAnswer() && !attempt.isWaitingAnswer() ? 1 : 0);
    int change = (next.refused() ? 1 : 0) - (attempt.refused() ? 1 : 0);
    if (isOutage) {
      refused.addAndGet(change);
      if (!attempt.settlement().isUnsent()) {
        outage.failed(Outage.describe(failure));
      }
    } else {
      if (refused.getAndAdd(change) == 0) {
        LOG.errorf(
            "PostgreSQL rejected a settlement (%s); kept in memory, retrying every %d s; see the runbook",
            Outage.describe(failure), refusedPause.toSeconds());
      }
      releasePermit(attempt);
    }
    return next;
  }

  /** At once if nothing was sent; with an answer in hand only after a while, and if few wait. */
  private void releasePermit(Try attempt) {
    boolean overdue = pool.nanos() - attempt.since() > PERMIT_KEPT;
    if (attempt.settlement().isUnsent() || overdue && unsettled.get() <= mostWithoutPermit) {
      attempt.permit().close();
    }
  }
}
