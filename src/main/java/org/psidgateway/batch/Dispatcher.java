package org.psidgateway.batch;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.batch.Guards.TransientFailure;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.model.Source;
import org.psidgateway.page.Pages;
import org.psidgateway.trace.Step;
import org.psidgateway.trace.Trace;
import org.psidgateway.trace.Tracing;
import org.psidgateway.upstream.Outcome;
import org.psidgateway.upstream.Outcome.Unsent;
import org.psidgateway.upstream.Upstream;

/**
 * Drives what waits: reserve, call, settle, land. One run a lane looks for a grant; once it has
 * one, the next run starts, so that as many calls are under way as the bulkhead allows. Nothing
 * here blocks a caller's thread: PostgreSQL is talked to on worker threads, the upstream without
 * one.
 */
final class Dispatcher {
  private static final Duration BREAKER_OPEN = Duration.ofMillis(500);
  private static final Duration STORE_AWAY = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration WATCH_EVERY = Duration.ofMillis(100);

  private final Ledger ledger;
  private final Upstream upstream;
  private final Pages pages;
  private final MappingCache cache;
  private final Guards guards;
  private final Turns turns;
  private final Landing landing;
  private final BatchMeters meters;
  private final Tracing tracing;
  private final Duration linger;

  Dispatcher(
      Ledger ledger,
      Upstream upstream,
      Pages pages,
      MappingCache cache,
      Guards guards,
      Turns turns,
      Landing landing,
      BatchMeters meters,
      Tracing tracing,
      Duration linger) {
    this.ledger = ledger;
    this.upstream = upstream;
    this.pages = pages;
    this.cache = cache;
    this.guards = guards;
    this.turns = turns;
    this.landing = landing;
    this.meters = meters;
    this.tracing = tracing;
    this.linger = linger;
  }

  /**
   * Sees to it that what is queued will leave: at once where it fills a call, else after linger.
   */
  void wake(Desk desk, Lane lane) {
    Flight alone = desk.nextAlone(lane);
    if (alone != null) {
      run(Batch.alone(desk, lane, alone));
    }
    boolean full;
    synchronized (desk) {
      OpenBatch open = desk.open(lane);
      full = open.size() >= upstream.batchSize();
      if (open.running || open.size() == 0 || (open.lingering && !full)) {
        return;
      }
      open.running = full;
      open.lingering = !full;
    }
    if (full) {
      run(Batch.of(desk, lane));
    } else {
      after(linger).subscribe().with(done -> start(desk, lane));
    }
  }

  private void start(Desk desk, Lane lane) {
    synchronized (desk) {
      OpenBatch open = desk.open(lane);
      open.lingering = false;
      if (open.running || open.size() == 0) {
        return;
      }
      open.running = true;
    }
    run(Batch.of(desk, lane));
  }

  /** Runs a batch to its end, whatever that is; at most its callers' patience limits the time. */
  void run(Batch batch) {
    guards
        .retried(() -> attempt(batch))
        .subscribe()
        .with(done -> ended(batch), failure -> failed(batch, failure));
  }

  private void failed(Batch batch, Throwable failure) {
    if (!(failure instanceof TransientFailure)) {
      Log.error("A batch could not be driven to its end", failure);
    }
    batch.land(Fate.UPSTREAM_UNAVAILABLE);
    ended(batch);
  }

  private void ended(Batch batch) {
    if (batch.isOpen()) {
      free(batch);
    }
    wakeAll(batch.desk); // what it put back may belong to the other lane by now
  }

  private void wakeAll(Desk desk) {
    for (Lane lane : Lane.values()) {
      wake(desk, lane);
    }
  }

  private void free(Batch batch) {
    synchronized (batch.desk) {
      batch.desk.open(batch.lane).running = false;
    }
  }

  /** Turns, with the waits that the ledger asks for between them, until the batch had its call. */
  private Uni<Void> attempt(Batch batch) {
    return Uni.createFrom().emitter(attempt -> turns(batch, attempt));
  }

  // Each turn subscribes anew: a chain that grew with every turn would not survive a night's
  // outage.
  private void turns(Batch batch, UniEmitter<? super Void> attempt) {
    turns
        .next(batch.lane, batch.waitingSince())
        .flatMap(turn -> turn == null ? dismissed(batch) : taken(batch, turn))
        .flatMap(again -> again == null ? finished() : after(again).replaceWith(again))
        .subscribe()
        .with(
            again -> {
              if (again == null) {
                attempt.complete(null);
              } else {
                turns(batch, attempt);
              }
            },
            attempt::fail);
  }

  /** The pod is going down: whoever still waits may ask another one. */
  private static Uni<@Nullable Duration> dismissed(Batch batch) {
    batch.land(Fate.QUEUED);
    return finished();
  }

  private Uni<@Nullable Duration> taken(Batch batch, Turns.Turn turn) {
    return Uni.createFrom().deferred(() -> turn(batch, turn)).onTermination().invoke(turn::end);
  }

  /** One turn: null where the batch is done with, else how long to wait for the next one. */
  private Uni<@Nullable Duration> turn(Batch batch, Turns.Turn turn) {
    if (!upstream.accepting()) {
      holdEverybody(BREAKER_OPEN, Fate.UPSTREAM_UNAVAILABLE);
      return again(AT_ONCE);
    }
    long[] candidates = batch.candidates(upstream.batchSize());
    if (candidates.length == 0) {
      return finished();
    }
    Ledger.Request request =
        new Ledger.Request(
            UUID.randomUUID(),
            batch.desk.page,
            batch.lane,
            candidates,
            upstream.batchSize(),
            batch.isolation().active(),
            batch.isRetry(),
            upstream.timeout());
    Trace trace = batch.trace(tracing, request.callId());
    return trace
        .step(Step.RESERVE, candidates.length, () -> onWorker(() -> ledger.reserve(request)))
        .onItemOrFailure()
        .transformToUni(
            (decision, failure) ->
                decision == null ? storeAway(request, failure) : decided(batch, turn, decision))
        .onTermination()
        .invoke((again, failure, left) -> trace.end(failure));
  }

  private Uni<@Nullable Duration> decided(Batch batch, Turns.Turn turn, Decision decision) {
    learn(batch, decision);
    return decision.fold(
        granted -> {
          turn.granted();
          return call(batch, granted);
        },
        nothing -> nothingFree(batch),
        wait -> heldBack(batch, wait),
        refused -> {
          batch.trace().outcome(refused.why().reason());
          batch.land(refused.why());
          return finished();
        });
  }

  private Uni<@Nullable Duration> nothingFree(Batch batch) {
    batch.trace().outcome("nothing_free");
    if (batch.isOpen()) {
      return again(AT_ONCE); // the next ones in the queue, if any
    }
    batch.desk.requeue(batch.flights());
    return finished();
  }

  private Uni<@Nullable Duration> storeAway(Ledger.Request request, Throwable failure) {
    if (!(failure instanceof SQLException)) {
      return Uni.createFrom().failure(failure);
    }
    // The reply to COMMIT may be what was lost: the grant goes back before another one is asked
    // for.
    holdEverybody(STORE_AWAY, Fate.QUEUED);
    return landing.giveBack(request).flatMap(done -> again(AT_ONCE));
  }

  private void learn(Batch batch, Decision decision) {
    Seen seen = decision.seen();
    boolean crowded = seen.known().size() > 0 || !seen.foreign().isEmpty();
    if (crowded || decision instanceof Granted) { // a wait told before the look says nothing of it
      batch.desk.crowded(batch.lane, crowded);
    }
    if (seen.known().size() > 0) {
      cache.keep(batch.desk.page, seen.known());
      batch.desk.land(seen.known(), Source.STORE);
    }
    seen.foreign().forEach(batch.desk::park);
    watch(batch.desk);
  }

  private Uni<@Nullable Duration> call(Batch batch, Granted granted) {
    Optional<String> token;
    try {
      token = pages.token(granted.page(), granted.tokenRevision());
    } catch (RuntimeException e) { // PostgreSQL went away between the grant and the token
      return landing.settle(Settlement.unsent(granted, "no_token")).flatMap(x -> again(STORE_AWAY));
    }
    if (token.isEmpty()) {
      return landing
          .settle(Settlement.unsent(granted, "no_token"))
          .flatMap(x -> noToken(batch, granted));
    }
    if (System.nanoTime() - granted.sendBefore() > 0) {
      return late(batch, granted);
    }
    if (batch.seal(granted)) {
      free(batch);
      wake(batch.desk, batch.lane);
    }
    meters.sent(granted.asids().length, batch.isRetry());
    return batch
        .trace()
        .step(
            Step.UPSTREAM,
            granted.asids().length,
            () -> upstream.ask(granted.page(), token.get(), granted.asids(), granted.sendBefore()))
        .flatMap(outcome -> called(batch, granted, outcome));
  }

  private Uni<@Nullable Duration> called(Batch batch, Granted granted, Outcome outcome) {
    batch.trace().outcome(outcome.label());
    return outcome instanceof Unsent unsent && unsent.isLate()
        ? late(batch, granted)
        : batch
            .trace()
            .step(
                Step.SETTLE,
                granted.asids().length,
                () -> landing.conclude(batch, granted, outcome))
            .invoke(parts -> parts.forEach(this::run))
            .invoke(parts -> watch(batch.desk))
            .flatMap(parts -> finished());
  }

  /** At once, since the connection that took so long is there by now, and not for ever. */
  private Uni<@Nullable Duration> late(Batch batch, Granted granted) {
    return landing
        .settle(Settlement.unsent(granted, "late"))
        .flatMap(done -> again(batch.lateAgain()));
  }

  private Uni<@Nullable Duration> noToken(Batch batch, Granted granted) {
    boolean replaced =
        pages.find(granted.page()).stream()
            .anyMatch(page -> page.tokenRevision() != granted.tokenRevision());
    if (replaced) {
      return again(AT_ONCE);
    }
    batch.land(Fate.TOKEN_INVALID); // there is one, and it can't be decrypted
    return finished();
  }

  /** Looks every now and then whether ids that other calls are asking have been answered. */
  private void watch(Desk desk) {
    if (desk.startWatching()) {
      look(desk);
    }
  }

  private void look(Desk desk) {
    after(WATCH_EVERY)
        .map(done -> desk.parked())
        .flatMap(
            awaited ->
                onWorker(() -> ledger.revisit(desk.page, awaited))
                    .invoke(seen -> seen(desk, awaited, seen)))
        .subscribe()
        .with(seen -> {}, failure -> look(desk)); // PostgreSQL is away: later, then
  }

  private void seen(Desk desk, Map<UUID, long[]> awaited, Seen seen) {
    if (seen.known().size() > 0) {
      cache.keep(desk.page, seen.known());
      desk.land(seen.known(), Source.STORE);
    }
    desk.unpark(awaited, seen.foreign());
    wakeAll(desk);
    if (!desk.stopWatching()) {
      look(desk);
    }
  }

  /** Waits by itself, or with all of its lane where that has to wait anyway. */
  private Uni<@Nullable Duration> heldBack(Batch batch, Wait wait) {
    batch.trace().outcome(wait.why().reason());
    if (wait.appWide()) {
      turns.hold(batch.lane, wait.delay(), wait.why());
      return again(AT_ONCE);
    }
    if (!batch.isAlone()) { // the others do not wait for it
      synchronized (batch.desk) {
        batch.desk.open(batch.lane).heldBack(wait.why(), wait.delay());
      }
    }
    if (wait.forThese()) {
      batch.othersFirst();
      if (!batch.isOpen()) {
        return finished(); // back in the queue
      }
    }
    return again(wait.delay().compareTo(LOOK_AGAIN) < 0 ? wait.delay() : LOOK_AGAIN);
  }

  private void holdEverybody(Duration delay, Fate why) {
    for (Lane lane : Lane.values()) {
      turns.hold(lane, delay, why);
    }
  }

  private static Uni<@Nullable Duration> again(Duration delay) {
    return Uni.createFrom().item(delay);
  }

  private static Uni<@Nullable Duration> finished() {
    return Uni.createFrom().nullItem();
  }

  private static Uni<Void> after(Duration delay) {
    Uni<Void> now = Uni.createFrom().voidItem();
    return delay.isZero() || delay.isNegative() ? now : now.onItem().delayIt().by(delay);
  }

  interface Work<T> {
    T run() throws SQLException;
  }

  static <T> Uni<T> onWorker(Work<T> work) {
    return Uni.createFrom()
        .<T>emitter(
            emitter -> {
              try {
                emitter.complete(work.run());
              } catch (SQLException | RuntimeException e) {
                emitter.fail(e);
              }
            })
        .runSubscriptionOn(Infrastructure.getDefaultExecutor());
  }
}
