package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Settled;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.limits.Signal;
import org.psidgateway.model.Fate;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.upstream.Outcome.Matched;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.UpstreamError;

/**
 * What follows from the answer to a batch of operations, each of which ended by itself. What was
 * said is committed, cached and answered; the rest goes back, or ends with what stood in its way.
 */
final class MatchedConclusion {
  private final ConversionContext context;
  private final Granted granted;
  private final Selection ids;
  private final Function<Settlement, Uni<Settled>> settle;

  MatchedConclusion(
      ConversionContext context,
      Turn turn,
      Granted granted,
      Function<Settlement, Uni<Settled>> settle) {
    this.context = context;
    this.granted = granted;
    this.ids = turn.ids;
    this.settle = settle;
  }

  Uni<Next> of(Matched answer) {
    Map<Long, PendingId> taken = ids.taken();
    Map<Long, Progress> progress = new HashMap<>();
    for (long asid : granted.asids()) {
      PendingId id = taken.get(asid);
      Progress before = id == null ? null : id.progress;
      progress.put(
          asid, before == null ? Progress.none(granted.callId(), granted.pages()) : before);
    }
    Matches matches = new Matches(answer, granted, progress, ids.queue.wanted(granted.asids()));
    context.silentPages.heed(granted.pages(), answer);
    Settlement settlement =
        Settlement.matched(
            granted.call(),
            matches.wanted(),
            matches.unasked(),
            matches.answered(),
            matches.missing(),
            LongStream.of(matches.further()).toArray(),
            answer.returned(),
            answer.label(),
            signal(answer),
            answer.usage());
    return settle.apply(settlement).map(settled -> goOn(answer, matches, taken, settled));
  }

  /** What stands in the way of other calls; an upstream that says when to come back wants it. */
  private static Optional<Refused> obstacle(Matched answer) {
    return answer
        .stop()
        .filter(stop -> !stop.error().isTransient() || stop.regainAfter().isPresent());
  }

  private Signal signal(Matched answer) {
    Optional<Refused> obstacle = obstacle(answer);
    if (obstacle.isPresent()) {
      Refused stop = obstacle.get();
      return stop.error() == UpstreamError.APP_SECRET
          ? Signal.UNPROVEN
          : Signal.throttled(true, stop.regainAfter());
    }
    if (!answer.saysNothing()) {
      return Signal.OPEN;
    }
    return granted.probe() ? Signal.PASSED : Signal.NOTHING;
  }

  private Next goOn(Matched answer, Matches matches, Map<Long, PendingId> taken, Settled settled) {
    matches.wanted().forEach(told -> ids.queue.answered(settled.committed(told), Source.UPSTREAM));
    Set<Long> open = new HashSet<>(taken.keySet());
    ids.queue.leaveTo(granted.callId(), matches.missing());
    LongStream.of(matches.missing()).forEach(open::remove);
    again(matches, taken, open);
    end(taken, open, answer.refused(), Fate.REFUSED_ALONE);
    end(taken, open, matches.endless(), Fate.UPSTREAM_UNAVAILABLE);
    ids.keep(open);
    return rest(obstacle(answer), open);
  }

  /** Ids with more to be read, and those that are wanted of further Pages by now. */
  private void again(Matches matches, Map<Long, PendingId> taken, Set<Long> open) {
    List<PendingId> queued = new ArrayList<>();
    for (long asid : matches.further()) {
      PendingId id = taken.get(asid);
      if (id != null) {
        id.progress = matches.progress(asid);
        queued.add(id);
      }
      open.remove(asid);
    }
    for (long asid : matches.answered()) {
      PendingId id = taken.get(asid);
      if (id != null) {
        id.progress = next(id);
        queued.add(id);
      }
      open.remove(asid);
    }
    ids.queue.requeue(queued);
  }

  /** Page by page, where all of them together led nowhere; else from the start, if at all. */
  private static @Nullable Progress next(PendingId id) {
    Optional<PageId> wanted = id.pages().stream().findFirst();
    return id.progress != null && id.progress.onePage() && wanted.isPresent()
        ? id.progress.only(wanted.get())
        : null;
  }

  private void end(Map<Long, PendingId> taken, Set<Long> open, long[] asids, Fate fate) {
    List<PendingId> ended = new ArrayList<>();
    for (long asid : asids) {
      if (open.remove(asid)) {
        ended.add(taken.get(asid));
      }
    }
    ids.queue.end(ids.queue.stillTaken(ended), fate);
  }

  /**
   * A few operations without an answer are no sign of trouble: their ids are asked again beside
   * others, unless that has happened too often. A call of their own would be a retry, and there may
   * be as many of these as there are batches.
   */
  private boolean joinsOthers(Set<Long> open) {
    return 2 * open.size() <= granted.asids().length && ids.requeueUnlessSpoilt();
  }

  private Next rest(Optional<Refused> obstacle, Set<Long> open) {
    if (obstacle.isEmpty()) {
      return open.isEmpty() || joinsOthers(open) ? Next.DONE : Next.RETRY;
    }
    switch (obstacle.get().error()) {
      case APP_SECRET -> ids.end(Fate.APP_SECRET_REJECTED);
      case PERMISSION -> ids.end(Fate.PERMISSION_DENIED);
      case RETIRED, MISADDRESSED -> ids.end(Fate.UPSTREAM_UNAVAILABLE);
      default -> ids.requeue();
    }
    return Next.DONE;
  }
}
