package org.psidgateway.batch;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.psidgateway.batch.Guards.TransientFailure;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.ledger.Settlement.Lesson;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;
import org.psidgateway.page.Pages;
import org.psidgateway.upstream.Outcome;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.UpstreamError;

/**
 * What follows from a call's outcome: first the ledger, which commits answers and units, then the
 * caches, then the callers. While PostgreSQL is away the answers wait here, and their bulkhead
 * permit with them; so at most concurrency x batch size of them ever wait.
 */
final class Landing {
  /** Refusals that name other ids, after which an id is no longer taken on trust. */
  private static final int MOST_ROUNDS = 3;

  /** Two calls a level find one bad id among 200. */
  private static final int ISOLATION_CALLS = 16;

  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(2);

  private final Ledger ledger;
  private final MappingCache cache;
  private final Pages pages;
  private final InstantSource clock;
  private final AtomicInteger unsettled;
  private volatile boolean away;

  Landing(
      Ledger ledger,
      MappingCache cache,
      Pages pages,
      InstantSource clock,
      AtomicInteger unsettled) {
    this.ledger = ledger;
    this.cache = cache;
    this.pages = pages;
    this.clock = clock;
    this.unsettled = unsettled;
  }

  /** Ends the call; emits the batches that are to be asked next, to find a bad id. */
  Uni<List<Batch>> conclude(Batch batch, Granted granted, Outcome outcome) {
    return outcome.fold(
        answered -> answered(batch, granted, answered),
        refused -> refused(batch, granted, refused),
        unsent ->
            settle(Settlement.unsent(granted, unsent.detail()))
                .flatMap(done -> tryAgain(batch, unsent.detail())),
        uncertain ->
            // The ids wait for their claims to lapse like anybody else's.
            settle(Settlement.uncertain(granted, uncertain.detail()))
                .invoke(() -> batch.desk.park(granted.callId(), granted.asids()))
                .map(done -> List.of()));
  }

  private Uni<List<Batch>> answered(Batch batch, Granted granted, Answered answer) {
    long[] verdicts = answer.psids().clone();
    for (int i = 0; i < verdicts.length; i++) {
      if (verdicts[i] == Verdict.UNKNOWN) {
        verdicts[i] = Verdict.UNMAPPED;
      }
    }
    return settle(Settlement.answered(granted, verdicts, answer.returned(), answer.usage()))
        .invoke(() -> tell(batch, granted.asids(), verdicts))
        .map(done -> List.of());
  }

  private void tell(Batch batch, long[] asids, long[] verdicts) {
    long[] checkedAt = new long[asids.length];
    Arrays.fill(checkedAt, clock.instant().getEpochSecond());
    Findings findings = new Findings(asids, verdicts, checkedAt);
    cache.keep(batch.desk.page, findings);
    batch.desk.land(findings, Source.UPSTREAM);
  }

  private Uni<List<Batch>> refused(Batch batch, Granted granted, Refused refusal) {
    return switch (meaning(granted, refusal)) {
      case TRANSIENT ->
          settle(refused(granted, refusal, granted.probe() ? Lesson.PASSED : Lesson.NOTHING))
              .flatMap(done -> tryAgain(batch, refusal.label()));
      case THROTTLED_APP, THROTTLED_PAGE ->
          settle(throttled(granted, refusal))
              .invoke(() -> batch.desk.requeue(batch.flights()))
              .map(done -> List.of());
      case TOKEN ->
          pause(batch, granted, refusal, Lesson.PASSED, "token_invalid", Fate.TOKEN_INVALID);
      case PERMISSION ->
          pause(
              batch, granted, refusal, Lesson.DENIED, "permission_denied", Fate.PERMISSION_DENIED);
      case APP_SECRET ->
          settle(refused(granted, refusal, Lesson.UNPROVEN))
              .invoke(() -> batch.land(Fate.APP_SECRET_REJECTED))
              .map(done -> List.of());
      case RETIRED, MISADDRESSED ->
          settle(refused(granted, refusal, Lesson.RETIRED))
              .invoke(() -> batch.land(Fate.WINDOW_CLOSED))
              .map(done -> List.of());
      case IDS_LISTED -> listed(batch, granted, refusal);
      case IDS_UNLISTED ->
          settle(refused(granted, refusal, Lesson.OPEN))
              .map(done -> isolate(batch, Fate.REFUSED_ALONE));
      case TOO_MANY_IDS ->
          settle(refused(granted, refusal, Lesson.OPEN))
              .map(done -> isolate(batch, Fate.UPSTREAM_UNAVAILABLE));
    };
  }

  /**
   * What it means here: who names a time to come back at wants to be left alone until then, and an
   * invalid parameter near a throttle may be the throttle in disguise.
   */
  private static UpstreamError meaning(Granted granted, Refused refusal) {
    UpstreamError error = refusal.error();
    if (error == UpstreamError.TRANSIENT && refusal.regainAfter().isPresent()) {
      return UpstreamError.THROTTLED_APP;
    }
    return error == UpstreamError.IDS_UNLISTED && granted.probe() ? UpstreamError.TRANSIENT : error;
  }

  private static Settlement refused(Granted granted, Refused refusal, Lesson lesson) {
    long[] nothing = new long[granted.asids().length];
    return Settlement.refused(granted, nothing, refusal.label(), lesson, refusal.usage());
  }

  private static Settlement throttled(Granted granted, Refused refusal) {
    return Settlement.throttled(
        granted,
        refusal.error() != UpstreamError.THROTTLED_PAGE,
        refusal.regainAfter(),
        refusal.label(),
        refusal.usage());
  }

  private Uni<List<Batch>> pause(
      Batch batch, Granted granted, Refused refusal, Lesson lesson, String reason, Fate fate) {
    return settle(refused(granted, refusal, lesson))
        .flatMap(
            done ->
                Dispatcher.onWorker(
                    () -> {
                      pages.pauseFor(granted.page(), granted.tokenRevision(), reason);
                      return List.<Batch>of();
                    }))
        .invoke(() -> batch.land(fate));
  }

  /**
   * The listed ids are refused for good; the others are asked again, with whatever waits by then.
   */
  private Uni<List<Batch>> listed(Batch batch, Granted granted, Refused refusal) {
    long[] listed = refusal.listed();
    long[] verdicts = new long[granted.asids().length];
    long[] sorted = listed.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < verdicts.length; i++) {
      if (Arrays.binarySearch(sorted, granted.asids()[i]) >= 0) {
        verdicts[i] = Verdict.REJECTED;
      }
    }
    long[] rejected = new long[listed.length];
    Arrays.fill(rejected, Verdict.REJECTED);
    return settle(
            Settlement.refused(granted, verdicts, refusal.label(), Lesson.OPEN, refusal.usage()))
        .invoke(() -> tell(batch, listed, rejected))
        .map(done -> next(batch));
  }

  private List<Batch> next(Batch batch) {
    List<Flight> rest = new ArrayList<>();
    boolean suspicious = false;
    synchronized (batch.desk) {
      for (Flight flight : batch.flights()) {
        if (flight.state == Flight.State.TAKEN) {
          rest.add(flight);
          suspicious |= ++flight.rounds > MOST_ROUNDS;
        }
      }
    }
    if (suspicious) {
      return isolate(batch, Fate.REFUSED_ALONE);
    }
    batch.desk.requeue(rest);
    return List.of();
  }

  /** Asks each half by itself, so that one bad id does not cost the others their answer. */
  private List<Batch> isolate(Batch batch, Fate fateOfOne) {
    if (batch.flights().size() <= 1) {
      if (fateOfOne == Fate.REFUSED_ALONE) {
        batch.desk.suspect(batch.flights());
      }
      batch.land(fateOfOne);
      return List.of();
    }
    List<Batch> halves = batch.halves(ISOLATION_CALLS);
    List<Batch> affordable = halves.stream().filter(half -> half.isolation().spend()).toList();
    halves.stream()
        .filter(half -> !affordable.contains(half))
        .forEach(half -> half.land(Fate.UPSTREAM_UNAVAILABLE));
    return affordable;
  }

  /** Tries are capped by the guard of the run, and in time by the batch. */
  private static Uni<List<Batch>> tryAgain(Batch batch, String outcome) {
    if (batch.failedAgain()) {
      return Uni.createFrom().failure(new TransientFailure(outcome));
    }
    batch.land(Fate.UPSTREAM_UNAVAILABLE);
    return Uni.createFrom().item(List.of());
  }

  /** Commits how the call ended; while PostgreSQL is away, as soon as it is back. */
  Uni<Void> settle(Settlement settlement) {
    return Dispatcher.onWorker(
            () -> {
              ledger.settle(settlement);
              return settlement;
            })
        .invoke(() -> away = false)
        .onFailure(Landing::storeIsAway)
        .invoke(this::tellOnce)
        .onFailure(Landing::storeIsAway)
        .retry()
        .withBackOff(FIRST_RETRY, LAST_RETRY)
        .indefinitely()
        .onSubscription()
        .invoke(unsettled::incrementAndGet)
        .onTermination()
        .invoke(unsettled::decrementAndGet)
        .replaceWithVoid();
  }

  private void tellOnce(Throwable failure) {
    if (!away) {
      Log.warnf("Calls wait to be settled while PostgreSQL is away: %s", state(failure));
    }
    away = true;
  }

  /**
   * Releases what a reserve may have granted without our hearing of it; emits once that is said.
   */
  Uni<Void> giveBack(Ledger.Request request) {
    Granted perhaps =
        new Granted(
            request.callId(),
            request.page(),
            request.candidates(),
            0,
            0,
            false,
            new Seen(Findings.NONE, java.util.Map.of()));
    return settle(Settlement.unsent(perhaps, "reply_lost"));
  }

  // Anything but a fault of the statement itself: connection, shutdown, lock time-out, pool.
  private static boolean storeIsAway(Throwable failure) {
    return failure instanceof SQLException e
        && (e.getSQLState() == null || !e.getSQLState().matches("(0A|22|23|42).*"));
  }

  private static String state(Throwable failure) {
    return failure instanceof SQLException e
        ? "SQL state " + e.getSQLState()
        : failure.getClass().getSimpleName();
  }
}
