package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.batch.Guards.TransientFailure;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.db.Outage;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.ops.OutageLog;
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
  private static final Logger LOG = Logger.getLogger(Dispatcher.class);
  private static final Duration BREAKER_OPEN = Duration.ofMillis(500);
  private static final Duration STORE_AWAY = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
  private static final Duration AT_ONCE = Duration.ZERO;

  private static final String COOLING_DOWN = "cooling_down";
  private static final String STORE_UNAVAILABLE = "store_unavailable";
  private static final Set<String> OBJECTIONS = Set.of(COOLING_DOWN, STORE_UNAVAILABLE);

  /** A grant older than this looks once more whether a cooldown has begun meanwhile. */
  private static final Duration FRESH = Duration.ofMillis(250);

  private final Ledger ledger;
  private final Upstream upstream;
  private final Pages pages;
  private final Guards guards;
  private final Turns turns;
  private final Settler settler;
  private final Landing landing;
  private final ForeignCalls foreign;
  private final BatchMeters meters;
  private final Tracing tracing;
  private final Duration linger;
  private final AtomicBoolean refused = new AtomicBoolean();
  private final OutageLog outage =
      new OutageLog(
          Dispatcher.class,
          "Nothing is converted: PostgreSQL is unavailable",
          "PostgreSQL is available again: conversions go on");

  Dispatcher(
      Ledger ledger,
      Upstream upstream,
      Pages pages,
      MappingCache cache,
      Guards guards,
      Turns turns,
      Settler settler,
      Landing landing,
      BatchMeters meters,
      Tracing tracing,
      Duration linger) {
    this.ledger = ledger;
    this.upstream = upstream;
    this.pages = pages;
    this.guards = guards;
    this.turns = turns;
    this.settler = settler;
    this.landing = landing;
    this.foreign = new ForeignCalls(ledger, cache, this::wakeAll);
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
      LOG.error("A batch could not be driven to its end", failure);
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
    batch.permit(turn);
    return Uni.createFrom().deferred(() -> turn(batch, turn)).onTermination().invoke(turn::end);
  }

  /** One turn: null where the batch is done with, else how long to wait for the next one. */
  private Uni<@Nullable Duration> turn(Batch batch, Turns.Turn turn) {
    if (!upstream.accepting()) {
      holdEverybody(batch.pause(BREAKER_OPEN), Fate.UPSTREAM_UNAVAILABLE);
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
            upstream.callsPerBatch(),
            batch.isolation().active(),
            batch.isRetry(),
            upstream.timeout());
    Trace trace = batch.trace(tracing, request.callId());
    return trace
        .step(Step.RESERVE, candidates.length, () -> onWorker(() -> ledger.reserve(request)))
        .onItemOrFailure()
        .transformToUni(
            (decision, failure) ->
                decision == null
                    ? reserveFailed(batch, request, failure)
                    : decided(batch, turn, decision))
        .onTermination()
        .invoke((again, failure, left) -> trace.end(failure));
  }

  private Uni<@Nullable Duration> decided(Batch batch, Turns.Turn turn, Decision decision) {
    outage.recovered();
    refused.set(false);
    learn(batch, decision);
    return decision.fold(
        granted -> {
          turn.granted();
          return call(batch, granted);
        },
        nothing -> nothingFree(batch, nothing.seen()),
        wait -> heldBack(batch, wait),
        refused -> {
          batch.trace().outcome(refused.why().reason());
          batch.land(refused.why());
          return finished();
        });
  }

  private Uni<@Nullable Duration> nothingFree(Batch batch, Seen seen) {
    batch.trace().outcome("nothing_free");
    if (batch.isOpen()) { // the next ones in the queue, if any
      boolean goesOn = seen.known().size() > 0 || !seen.foreign().isEmpty();
      return again(goesOn ? AT_ONCE : batch.pause(Batch.SHORTEST_PAUSE));
    }
    batch.desk.requeue(batch.flights());
    return finished();
  }

  /**
   * Whatever the reason, the reply to COMMIT may be what was lost: the grant goes back before
   * another one is asked for.
   */
  private Uni<@Nullable Duration> reserveFailed(
      Batch batch, Ledger.Request request, Throwable failure) {
    Duration pause = batch.pause(STORE_AWAY);
    Duration own = AT_ONCE;
    if (Outage.is(failure)) {
      outage.failed(Outage.describe(failure));
      holdEverybody(pause, Fate.QUEUED);
    } else {
      own = pause; // others may have more luck
      synchronized (batch.desk) {
        batch.desk.open(batch.lane).heldBack(Fate.UPSTREAM_UNAVAILABLE, pause);
      }
      if (refused.compareAndSet(false, true)) {
        LOG.errorf(
            "PostgreSQL refuses a reserve (%s), so nothing is converted; tried again every %d s at"
                + " most",
            Outage.describe(failure), Batch.LONGEST_PAUSE.toSeconds());
      }
    }
    Duration delay = own;
    return settler.giveBack(request, batch.permit()).flatMap(done -> again(delay));
  }

  private void learn(Batch batch, Decision decision) {
    Seen seen = decision.seen();
    boolean crowded = seen.known().size() > 0 || !seen.foreign().isEmpty();
    if (crowded || decision instanceof Granted) { // a wait told before the look says nothing of it
      batch.desk.crowded(batch.lane, crowded);
    }
    foreign.take(batch.desk, seen);
  }

  private Uni<@Nullable Duration> call(Batch batch, Granted granted) {
    Optional<String> token;
    try {
      token = pages.token(granted.page(), granted.tokenRevision());
    } catch (RuntimeException e) { // PostgreSQL went away after the grant
      return unsent(batch, granted, STORE_UNAVAILABLE, batch.pause(STORE_AWAY));
    }
    if (token.isEmpty()) {
      return settler
          .commit(Settlement.unsent(granted.call(), "no_token"), batch.permit())
          .flatMap(x -> noToken(batch, granted));
    }
    if (System.nanoTime() - granted.sendBefore() > 0) {
      return late(batch, granted);
    }
    return send(batch, granted, token.get());
  }

  private Uni<@Nullable Duration> send(Batch batch, Granted granted, String token) {
    if (batch.seal(granted)) {
      free(batch);
      wake(batch.desk, batch.lane);
    }
    return batch
        .trace()
        .step(
            Step.UPSTREAM,
            granted.asids().length,
            () ->
                upstream.ask(
                    granted.page(),
                    token,
                    granted.asids(),
                    granted.sendBefore(),
                    () -> objection(batch, granted)))
        .flatMap(outcome -> called(batch, granted, outcome));
  }

  /** With the connection in hand: a cooldown that has begun meanwhile keeps an older grant back. */
  private Uni<Optional<String>> objection(Batch batch, Granted granted) {
    batch.leavesAfter(granted.age(System.nanoTime()));
    if (batch.leavesAfter().compareTo(FRESH) <= 0) {
      return Uni.createFrom().item(Optional.empty());
    }
    return onWorker(() -> ledger.coolingDown(granted.page()))
        .map(cooling -> cooling ? Optional.of(COOLING_DOWN) : Optional.<String>empty())
        .onFailure()
        .recoverWithItem(Optional.of(STORE_UNAVAILABLE))
        .invoke(() -> batch.leavesAfter(granted.age(System.nanoTime())));
  }

  private Uni<@Nullable Duration> unsent(Batch batch, Granted granted, String why, Duration delay) {
    return settler
        .commit(Settlement.unsent(granted.call(), why), batch.permit())
        .flatMap(done -> again(delay));
  }

  private Uni<@Nullable Duration> called(Batch batch, Granted granted, Outcome outcome) {
    batch.trace().outcome(outcome.label());
    if (outcome instanceof Unsent unsent) {
      if (unsent.isLate()) {
        return late(batch, granted);
      }
      if (OBJECTIONS.contains(unsent.detail())) {
        return unsent(batch, granted, unsent.detail(), batch.pause(Batch.SHORTEST_PAUSE));
      }
    } else {
      left(batch, granted);
    }
    return batch
        .trace()
        .step(Step.SETTLE, granted.asids().length, () -> landing.conclude(batch, granted, outcome))
        .invoke(parts -> parts.forEach(this::run))
        .invoke(parts -> foreign.watch(batch.desk))
        .flatMap(parts -> finished());
  }

  private void left(Batch batch, Granted granted) {
    ledger.sent(batch.leavesAfter());
    meters.sent(granted.asids().length, batch.isRetry());
    batch.leaves();
  }

  /** The next grant of this pod has more time; and some of it passes before it is asked for. */
  private Uni<@Nullable Duration> late(Batch batch, Granted granted) {
    ledger.late(granted);
    return unsent(batch, granted, "late", batch.lateAgain());
  }

  private Uni<@Nullable Duration> noToken(Batch batch, Granted granted) {
    boolean replaced =
        pages.find(granted.page()).stream()
            .anyMatch(page -> page.tokenRevision() != granted.tokenRevision());
    if (replaced) {
      return again(batch.pause(Batch.SHORTEST_PAUSE));
    }
    batch.land(Fate.TOKEN_INVALID); // there is one, and it can't be decrypted
    return finished();
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

  static Uni<Void> after(Duration delay) {
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
