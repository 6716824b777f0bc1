package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.psidgateway.batch.CallPermits.Permit;
import org.psidgateway.db.Outage;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Decision.Wait;
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
  private static final Duration STORE_AWAY = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  private final Converter shared;
  private final Selection ids;
  private final Isolation isolation;
  private final Retries retries;
  private final Pauses pauses = new Pauses();
  private final long waitingSince;

  Conversion(Converter shared, Selection ids, Isolation isolation) {
    this.shared = shared;
    this.ids = ids;
    this.isolation = isolation;
    this.retries = shared.retries();
    this.waitingSince = shared.pool.nanos();
  }

  /** Runs to its end, whatever that is. Then what it queued again may leave. */
  void start() {
    turn();
  }

  // Each turn subscribes anew: a chain that grew with every turn would not survive a long outage.
  private void turn() {
    shared
        .permits
        .acquire(ids.lane, waitingSince)
        .flatMap(permit -> permit == null ? dismissed() : holding(permit))
        .subscribe()
        .with(this::goOn, this::failed);
  }

  private void goOn(Next next) {
    if (next instanceof Next.Again again) {
      shared.pool.after(again.pause()).subscribe().with(due -> turn(), this::failed);
    } else {
      if (next instanceof Next.Split split) {
        split.parts().forEach(Conversion::start);
      }
      ended();
    }
  }

  private void failed(Throwable failure) {
    LOG.error("A conversion could not be brought to its end", failure);
    ids.end(Fate.UPSTREAM_UNAVAILABLE);
    ended();
  }

  private void ended() {
    if (ids.isOpen()) {
      ids.queue.stopped(ids.lane);
    }
    shared.wake(ids.queue); // what it queued again may belong to the other lane by now
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
    if (!shared.upstream.accepting()) {
      holdAllLanes(pauses.next(BREAKER_OPEN), Fate.UPSTREAM_UNAVAILABLE);
      return again(Duration.ZERO);
    }
    long[] candidates = ids.candidates(shared.upstream.tariff().batchSize());
    if (candidates.length == 0) {
      return done();
    }
    Attempt attempt = shared.attempt(permit, ids, candidates, isolation, retries.begun());
    return attempt
        .trace
        .step(
            Step.RESERVE,
            candidates.length,
            () -> shared.pool.call(() -> shared.ledger.reserve(attempt.request)))
        .onItemOrFailure()
        .transformToUni(
            (decision, failure) ->
                decision == null ? notReserved(attempt, failure) : decided(attempt, decision))
        .onTermination()
        .invoke((next, failure, left) -> attempt.trace.end(failure));
  }

  private Uni<Next> decided(Attempt attempt, Decision decision) {
    shared.reserveLog.succeeded();
    learn(decision);
    return decision.fold(
        granted -> {
          attempt.permit.granted();
          return new GrantedCall(shared, this, attempt, granted).make();
        },
        nothing -> nothingFree(attempt, nothing.seen()),
        wait -> wait(attempt, wait),
        refused -> {
          attempt.trace.outcome(refused.why().reason());
          ids.end(refused.why());
          return done();
        });
  }

  private void learn(Decision decision) {
    boolean crowded = isCrowded(decision.seen());
    if (crowded || decision instanceof Granted) { // a wait may be decided before the candidates are
      ids.queue.crowded(ids.lane, crowded);
    }
    shared.foreign.take(ids.queue, decision.seen());
  }

  private static boolean isCrowded(Seen seen) {
    return seen.known().size() > 0 || !seen.foreign().isEmpty();
  }

  // What follows when no call is made.

  private Uni<Next> nothingFree(Attempt attempt, Seen seen) {
    attempt.trace.outcome("nothing_free");
    if (ids.isOpen()) { // the next ones in the queue, if any
      return again(isCrowded(seen) ? Duration.ZERO : pauses.next(Pauses.SHORTEST));
    }
    ids.requeue();
    return done();
  }

  /** Waits by itself, or with all of its lane if that has to wait anyway. */
  private Uni<Next> wait(Attempt attempt, Wait wait) {
    attempt.trace.outcome(wait.why().reason());
    if (wait.appWide()) {
      shared.permits.hold(ids.lane, wait.delay(), wait.why());
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
  private Uni<Next> notReserved(Attempt attempt, Throwable failure) {
    Duration pause = pauses.next(STORE_AWAY);
    Duration own = Duration.ZERO;
    if (Outage.is(failure)) {
      shared.reserveLog.unavailable(failure);
      holdAllLanes(pause, Fate.QUEUED);
    } else {
      shared.reserveLog.refused(failure);
      ids.queue.held(ids.lane, Fate.UPSTREAM_UNAVAILABLE, pause);
      own = pause; // other Pages may have more luck
    }
    Duration delay = own;
    return shared.settler.giveBack(attempt).flatMap(done -> again(delay));
  }

  private void holdAllLanes(Duration delay, Fate why) {
    for (Lane lane : Lane.values()) {
      shared.permits.hold(lane, delay, why);
    }
  }

  // What its calls use.

  Selection ids() {
    return ids;
  }

  Pauses pauses() {
    return pauses;
  }

  /** Whether its next call is one more for what an earlier one asked. */
  boolean isRetry() {
    return retries.begun();
  }

  /** Another try after its call failed for a while, or the end if there were enough. */
  Next retry() {
    Optional<Duration> pause = retries.next();
    if (pause.isEmpty()) {
      ids.end(Fate.UPSTREAM_UNAVAILABLE);
      return Next.DONE;
    }
    return new Next.Again(pause.get());
  }

  /** Asks each half by itself, so that one bad id does not cost the others their answer. */
  Next split() {
    Isolation parts = isolation.forParts();
    List<Conversion> affordable =
        ids.halves().stream()
            .filter(half -> isAffordable(half, parts))
            .map(half -> shared.ofPart(half, parts))
            .toList();
    return new Next.Split(affordable);
  }

  private static boolean isAffordable(Selection half, Isolation parts) {
    boolean affordable = parts.spend();
    if (!affordable) {
      half.end(Fate.UPSTREAM_UNAVAILABLE);
    }
    return affordable;
  }

  private static Uni<Next> again(Duration pause) {
    return Uni.createFrom().item(new Next.Again(pause));
  }

  private static Uni<Next> done() {
    return Uni.createFrom().item(Next.DONE);
  }
}
