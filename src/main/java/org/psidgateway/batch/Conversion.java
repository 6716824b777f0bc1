package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.psidgateway.batch.CallPermits.Permit;
import org.psidgateway.db.Outage;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.trace.Step;

/**
 * One run from the queue to the callers' answers, in turns: get a permit, reserve, call, conclude.
 * A turn that gets no grant is followed by another, after the pause that the ledger asks for;
 * callers' patience, not this, limits the time. Nothing here blocks a caller's thread: PostgreSQL
 * is asked on worker threads, the upstream without one.
 */
final class Conversion {
  private static final Logger LOG = Logger.getLogger(Conversion.class);
  private static final Duration BREAKER_OPEN = Duration.ofMillis(500);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  private final ConversionContext context;
  private final Selection ids;
  private final Isolation isolation;
  private final Retries retries;
  private final Pauses pauses = new Pauses();
  private final long waitingSince;

  Conversion(ConversionContext context, Selection ids, Isolation isolation) {
    this.context = context;
    this.ids = ids;
    this.isolation = isolation;
    this.retries = context.retries();
    this.waitingSince = context.pool.nanos();
  }

  /** Runs to its end, whatever that is. Then what it queued again may leave. */
  void start() {
    turn();
  }

  // Each turn subscribes anew: a chain that grew with every turn would not survive a long outage.
  private void turn() {
    context
        .permits
        .acquire(ids.lane, waitingSince, ids.queue.account)
        .flatMap(permit -> permit == null ? dismissed() : holding(permit))
        .subscribe()
        .with(this::goOn, this::failed);
  }

  private void goOn(Next next) {
    if (next instanceof Next.Again again) {
      later(again.pause());
    } else if (next instanceof Next.Retry) {
      context.wake(ids.queue); // some of its ids may be back in their queue
      retries.next().ifPresentOrElse(this::later, () -> end(Fate.UPSTREAM_UNAVAILABLE));
    } else {
      if (next instanceof Next.Split) {
        split();
      }
      ended();
    }
  }

  private void later(Duration pause) {
    context.pool.after(pause).subscribe().with(due -> turn(), this::failed);
  }

  private void split() {
    Isolation budget = isolation.forParts();
    List<Selection> affordable = new ArrayList<>();
    for (Selection half : ids.halves()) {
      if (budget.spend()) {
        affordable.add(half);
      } else {
        half.end(Fate.UPSTREAM_UNAVAILABLE);
      }
    }
    affordable.forEach(half -> new Conversion(context, half, budget).start());
  }

  private void failed(Throwable failure) {
    LOG.error("Conversion failed unexpectedly", failure);
    end(Fate.UPSTREAM_UNAVAILABLE);
  }

  private void end(Fate fate) {
    ids.end(fate);
    ended();
  }

  private void ended() {
    if (ids.isOpen()) {
      ids.queue.stopped(ids.lane);
    }
    context.wake(ids.queue); // what it queued again may belong to the other lane by now
  }

  /** The pod is going down: callers that still wait may ask another one. */
  private Uni<Next> dismissed() {
    ids.end(Fate.QUEUED);
    return done();
  }

  private Uni<Next> holding(Permit permit) {
    return Uni.createFrom().deferred(() -> reserve(permit)).onTermination().invoke(permit::close);
  }

  private Uni<Next> reserve(Permit permit) {
    if (!context.upstream.accepting()) {
      holdAllLanes(pauses.next(BREAKER_OPEN), Fate.UPSTREAM_UNAVAILABLE);
      return again(Duration.ZERO);
    }
    long[] candidates = ids.candidates(context.upstream.tariff().batchSize());
    if (candidates.length == 0) {
      return done();
    }
    Turn turn = turn(permit, candidates);
    return turn.trace
        .step(
            Step.RESERVE,
            candidates.length,
            () -> context.pool.call(() -> context.ledger.reserve(turn.request)))
        .onItemOrFailure()
        .transformToUni(
            (decision, failure) ->
                decision == null ? notReserved(turn, failure) : decided(turn, decision))
        .onTermination()
        .invoke((next, failure, left) -> turn.trace.end(failure));
  }

  private Turn turn(Permit permit, long[] candidates) {
    Ledger.Request request =
        new Ledger.Request(
            UUID.randomUUID(),
            ids.queue.page,
            ids.lane,
            candidates,
            ids.callers(),
            ids.wanted(),
            ids.continued(),
            context.upstream.tariff(),
            isolation.isActive(),
            retries.begun(),
            context.upstream.timeout(),
            ids.queue.account);
    return new Turn(ids, pauses, permit, request, context.trace(request, ids));
  }

  private Uni<Next> decided(Turn turn, Decision decision) {
    context.reserveLog.succeeded();
    learn(turn, decision);
    return decision.fold(
        granted -> {
          turn.permit.granted();
          turn.trace.note("granted, ids", granted.asids().length);
          return new GrantedCall(context, turn, granted).make();
        },
        nothing -> nothingFree(turn, nothing.seen()),
        wait -> wait(turn, wait),
        refused -> {
          turn.trace.outcome(refused.why().reason());
          ids.end(refused.why());
          return done();
        });
  }

  private void learn(Turn turn, Decision decision) {
    boolean crowded = decision.seen().isCrowded();
    if (crowded || decision instanceof Granted) { // a wait may be decided before the candidates are
      ids.queue.crowded(ids.lane, crowded);
    }
    context.foreign.take(ids.queue, decision.seen());
    decision
        .seen()
        .paused()
        .forEach(page -> ids.queue.end(page, turn.request.wanted(page), Fate.PAGE_PAUSED));
  }

  // What follows when no call is made.

  private Uni<Next> nothingFree(Turn turn, Seen seen) {
    turn.trace.outcome("nothing_free");
    if (ids.isOpen()) { // the next ones in the queue, if any
      return again(seen.isCrowded() ? Duration.ZERO : pauses.next(Pauses.SHORTEST));
    }
    ids.requeue();
    return done();
  }

  /** Waits by itself, or with all of its lane if that has to wait anyway. */
  private Uni<Next> wait(Turn turn, Wait wait) {
    turn.trace.outcome(wait.why().reason());
    if (wait.appWide()) {
      context.permits.hold(ids.lane, wait.delay(), wait.why());
      return again(Duration.ZERO);
    }
    if (!ids.isSuspect()) { // the other ids do not wait for a suspect
      ids.queue.held(ids.lane, wait.why(), wait.delay());
    }
    return again(wait.delay().compareTo(LOOK_AGAIN) < 0 ? wait.delay() : LOOK_AGAIN);
  }

  /**
   * Whatever the reason, the reply to COMMIT may be what was lost: the grant is released before
   * another one is asked for.
   */
  private Uni<Next> notReserved(Turn turn, Throwable failure) {
    Duration pause = pauses.next(Pauses.STORE_AWAY);
    Duration own = Duration.ZERO;
    if (Outage.is(failure)) {
      holdAllLanes(pause, Fate.QUEUED);
    } else {
      context.reserveLog.refused(failure);
      ids.queue.held(ids.lane, Fate.UPSTREAM_UNAVAILABLE, pause);
      own = pause; // other Pages may have more luck
    }
    Duration delay = own;
    return context.settler.release(turn).flatMap(done -> again(delay));
  }

  private void holdAllLanes(Duration delay, Fate why) {
    for (Lane lane : Lane.values()) {
      context.permits.hold(lane, delay, why);
    }
  }

  private static Uni<Next> again(Duration pause) {
    return Uni.createFrom().item(new Next.Again(pause));
  }

  private static Uni<Next> done() {
    return Uni.createFrom().item(Next.DONE);
  }
}
