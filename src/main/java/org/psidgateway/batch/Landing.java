package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.psidgateway.batch.Guards.TransientFailure;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.limits.Signal;
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
 * caches, then the callers.
 */
final class Landing {
  /** Refusals that name other ids, after which an id is no longer taken on trust. */
  private static final int MOST_ROUNDS = 3;

  /** Two calls a level find one bad id among 200. */
  private static final int ISOLATION_CALLS = 16;

  private final Settler settler;
  private final MappingCache cache;
  private final Pages pages;

  Landing(Settler settler, MappingCache cache, Pages pages) {
    this.settler = settler;
    this.cache = cache;
    this.pages = pages;
  }

  /** Ends the call; emits the batches that are to be asked next, to find a bad id. */
  Uni<List<Batch>> conclude(Batch batch, Granted granted, Outcome outcome) {
    return outcome.fold(
        answered -> answered(batch, granted, answered),
        refused -> refused(batch, granted, refused),
        unsent ->
            settler
                .commit(Settlement.unsent(granted.call(), unsent.detail()), batch.permit())
                .flatMap(done -> tryAgain(batch, unsent.detail())),
        uncertain ->
            // The ids wait for their claims to lapse like anybody else's.
            settler
                .commit(
                    Settlement.uncertain(granted.call(), uncertain.detail())
                        .arrived(batch.leavesAfter()),
                    batch.permit())
                .invoke(at -> batch.desk.park(granted.callId(), granted.asids()))
                .map(done -> List.of()));
  }

  private Uni<List<Batch>> answered(Batch batch, Granted granted, Answered answer) {
    long[] verdicts = answer.psids().clone();
    for (int i = 0; i < verdicts.length; i++) {
      if (verdicts[i] == Verdict.UNKNOWN) {
        verdicts[i] = Verdict.UNMAPPED;
      }
    }
    Settlement settlement =
        Settlement.answered(granted.call(), verdicts, answer.returned(), answer.usage());
    return settle(batch, settlement)
        .invoke(at -> tell(batch, granted.asids(), verdicts, at))
        .map(done -> List.of());
  }

  /** Of a call that has arrived: the pace need not count with its deadline any more. */
  private Uni<Instant> settle(Batch batch, Settlement settlement) {
    return settler.commit(settlement.arrived(batch.leavesAfter()), batch.permit());
  }

  private void tell(Batch batch, long[] asids, long[] verdicts, Instant at) {
    long[] checkedAt = new long[asids.length];
    Arrays.fill(checkedAt, at.getEpochSecond());
    Findings findings = new Findings(asids, verdicts, checkedAt);
    cache.keep(batch.desk.page, findings);
    batch.desk.land(findings, Source.UPSTREAM);
  }

  private Uni<List<Batch>> refused(Batch batch, Granted granted, Refused refusal) {
    return switch (meaning(granted, refusal)) {
      case TRANSIENT ->
          settle(batch, refused(granted, refusal, granted.probe() ? Signal.PASSED : Signal.NOTHING))
              .flatMap(done -> tryAgain(batch, refusal.label()));
      case THROTTLED_APP, THROTTLED_PAGE ->
          settle(batch, throttled(granted, refusal))
              .invoke(at -> batch.desk.requeue(batch.flights()))
              .map(done -> List.of());
      case TOKEN ->
          pause(batch, granted, refusal, Signal.PASSED, "token_invalid", Fate.TOKEN_INVALID);
      case PERMISSION ->
          pause(
              batch, granted, refusal, Signal.DENIED, "permission_denied", Fate.PERMISSION_DENIED);
      case APP_SECRET ->
          settle(batch, refused(granted, refusal, Signal.UNPROVEN))
              .invoke(at -> batch.land(Fate.APP_SECRET_REJECTED))
              .map(done -> List.of());
      case RETIRED, MISADDRESSED ->
          settle(batch, refused(granted, refusal, Signal.RETIRED))
              .invoke(at -> batch.land(Fate.WINDOW_CLOSED))
              .map(done -> List.of());
      case IDS_LISTED -> listed(batch, granted, refusal);
      case IDS_UNLISTED ->
          settle(batch, refused(granted, refusal, Signal.OPEN))
              .map(done -> isolate(batch, Fate.REFUSED_ALONE));
      case TOO_MANY_IDS ->
          settle(batch, refused(granted, refusal, Signal.OPEN))
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

  private static Settlement refused(Granted granted, Refused refusal, Signal signal) {
    long[] nothing = new long[granted.asids().length];
    return Settlement.refused(granted.call(), nothing, refusal.label(), signal, refusal.usage());
  }

  private static Settlement throttled(Granted granted, Refused refusal) {
    return Settlement.throttled(
        granted.call(),
        refusal.error() != UpstreamError.THROTTLED_PAGE,
        refusal.regainAfter(),
        refusal.label(),
        refusal.usage());
  }

  private Uni<List<Batch>> pause(
      Batch batch, Granted granted, Refused refusal, Signal signal, String reason, Fate fate) {
    return settle(batch, refused(granted, refusal, signal))
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
    Settlement settlement =
        Settlement.refused(granted.call(), verdicts, refusal.label(), Signal.OPEN, refusal.usage());
    return settle(batch, settlement)
        .invoke(at -> tell(batch, listed, rejected, at))
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
}
