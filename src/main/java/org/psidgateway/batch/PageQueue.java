package org.psidgateway.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.psidgateway.batch.CallPermits.Held;
import org.psidgateway.batch.PendingId.State;
import org.psidgateway.ledger.Account;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.trace.Trace;

/**
 * All unknown ids of one Page in this pod, or of all Pages where they are asked about at once, and
 * the callers that wait for them. One lock, taken in this class alone and held only for work in
 * memory; callers are woken outside it. Lock order: queue, then ticket. Thread-safe.
 */
final class PageQueue {
  /** The id's answer is arriving at this very moment. */
  private static final Held ARRIVING = new Held(Fate.QUEUED, Duration.ZERO);

  /** More calls than this refused because of other ids, and an id is no longer trusted. */
  private static final int MOST_ROUNDS = 3;

  final PageId page;

  /** Whose ids they are; null for those of callers who wait. */
  final @Nullable Account account;

  final LookPlan looks; // at what became of other calls

  private final QueueContext context;
  private final PendingIds pending;
  private final ForeignIds foreign = new ForeignIds();
  private final Suspects suspects = new Suspects();

  PageQueue(PageId page, @Nullable Account account, QueueContext context) {
    this.page = page;
    this.account = account;
    this.context = context;
    this.looks = new LookPlan(context.ticker());
    this.pending = new PendingIds(context.load(), context.ticker());
  }

  /** Waits with every open line: for the call under way for its id, or for a new one. */
  Ticket join(PageId wanted, Lane lane, String caller, Answers answers, Trace trace) {
    Ticket ticket = new Ticket(wanted, caller, answers, this, context.pool(), trace);
    int joined = 0;
    int queued;
    ticket.joined();
    synchronized (this) {
      for (int line = 0; line < answers.size(); line++) {
        if (answers.isOpen(line) && add(ticket, line, answers.asid(line), lane)) {
          joined++;
        }
      }
      queued = answers.open() - joined;
      Requests.linkToCalls(trace, answers, pending);
    }
    trace.note("joined calls under way", joined);
    trace.note("queued", queued);
    context.meters().joined(joined);
    ticket.endIfComplete();
    return ticket;
  }

  /** True if the id is on its way already. */
  private boolean add(Ticket ticket, int line, long asid, Lane lane) {
    PendingId id = pending.get(asid);
    boolean joins = id != null;
    if (!context.load().admits(!joins)) {
      ticket.close(line, Fate.QUEUE_FULL, Duration.ZERO);
      return false;
    }
    if (id == null) {
      id = new PendingId(asid, lane, ticket.request, ticket.caller);
      id.alone = suspects.contains(asid, context.ticker().nanos());
      pending.put(id);
      queue(lane).add(id);
    } else if (lane.compareTo(id.lane) < 0) {
      pending.promote(id, lane);
    }
    id.add(ticket, line);
    return joins;
  }

  /** Ends the ticket's wait: lines that are still open become pending. Idempotent. */
  synchronized void leave(Ticket ticket) {
    List<PendingId> left = new ArrayList<>();
    synchronized (ticket) {
      if (ticket.isClosed()) {
        return;
      }
      Answers answers = ticket.answers();
      for (int line = 0; line < answers.size(); line++) {
        if (answers.isOpen(line)) {
          PendingId id = pending.get(answers.asid(line));
          Held held =
              id == null ? ARRIVING : queue(id.lane).state.longer(context.permits().held(id.lane));
          ticket.close(line, held.why(), held.left());
          if (id != null && ticket.hasJoined()) {
            left.add(id);
          }
        }
      }
      ticket.close();
    }
    left.forEach(PendingId::leave);
    context.load().lines(-left.size());
    context.meters().waited(ticket.age());
  }

  /**
   * Ends every wait for a permit or for another pod: those callers are to ask again.
   *
   * @param underWay whether waits for calls under way end too; their answers are kept all the same
   */
  void close(boolean underWay) {
    List<PendingId> ended;
    synchronized (this) {
      ended = pending.all().stream().filter(id -> underWay || id.state != State.TAKEN).toList();
    }
    end(ended, Fate.QUEUED);
  }

  // Of a lane, see LaneState.

  synchronized LaneState.Start tryStart(Lane lane, int batchSize) {
    return queue(lane).state.tryStart(queue(lane).size(), batchSize);
  }

  synchronized boolean lingered(Lane lane) {
    return queue(lane).state.lingered(queue(lane).size());
  }

  synchronized void stopped(Lane lane) {
    queue(lane).state.stopped();
  }

  synchronized void held(Lane lane, Fate why, Duration delay) {
    queue(lane).state.held(why, delay);
  }

  synchronized void crowded(Lane lane, boolean yes) {
    queue(lane).state.crowded(yes);
  }

  /**
   * The ids to reserve next, which stay queued. If the last ones were crowded, twice as many as fit
   * into a call, so that it leaves full all the same.
   */
  synchronized List<PendingId> candidates(Lane lane, int batchSize) {
    return queue(lane).first(queue(lane).state.isCrowded() ? 2 * batchSize : batchSize);
  }

  synchronized List<PendingId> all(Lane lane) {
    return queue(lane).first(Integer.MAX_VALUE);
  }

  /** Takes the next id that needs a call of its own; null if none, or one is under way. */
  synchronized @Nullable PendingId takeSuspect(Lane lane) {
    return queue(lane).takeSuspect();
  }

  /** Gives ids that were refused in calls of their own such calls for a while. */
  synchronized void suspect(Collection<PendingId> refused) {
    refused.forEach(id -> suspects.add(id.asid, context.ticker().nanos()));
  }

  /**
   * Takes those of {@code asids} that are on their way out of their queues, for a call that every
   * recorded request that waits for them is linked to, later ones included.
   */
  synchronized List<PendingId> take(long[] asids, Trace call) {
    List<PendingId> taken = new ArrayList<>(asids.length);
    for (long asid : asids) {
      PendingId id = pending.get(asid);
      if (id != null) {
        queue(id.lane).remove(id);
        id.state = State.TAKEN;
        id.call = call;
        taken.add(id);
      }
    }
    Requests.linkToCall(taken, call);
    Set<Object> served = new LinkedHashSet<>();
    taken.forEach(id -> served.add(id.owner));
    served.forEach(pending::served);
    return taken;
  }

  /** Queues those ids again that their conversion still holds. */
  synchronized void requeue(Collection<PendingId> ids) {
    stillTaken(ids).forEach(id -> queue(id.lane).add(id));
  }

  synchronized List<PendingId> stillTaken(Collection<PendingId> ids) {
    return ids.stream().filter(id -> id.state == State.TAKEN).toList();
  }

  /** A call was refused because of other ids; true if one of these has seen that too often. */
  synchronized boolean spoilt(Collection<PendingId> ids) {
    ids.forEach(id -> id.rounds++);
    return ids.stream().anyMatch(id -> id.rounds > MOST_ROUNDS);
  }

  synchronized void leaveTo(UUID callId, long[] asids) {
    foreign.add(callId, take(asids, Trace.NONE));
  }

  synchronized boolean hasForeign() {
    return !foreign.isEmpty();
  }

  synchronized Map<UUID, long[]> foreign() {
    return foreign.byCall();
  }

  /** Queues ids again whose call has ended without an answer; see {@link ForeignIds#ended}. */
  synchronized void foreignEnded(Map<UUID, long[]> looked, Map<UUID, long[]> underWay) {
    for (PendingId id : foreign.ended(looked, underWay)) {
      if (id.isWanted()) {
        id.uncertain = true;
        queue(id.lane).add(id);
      } else {
        pending.forget(id);
      }
    }
  }

  /**
   * Keeps what is known of a Page in the cache, and gives it to every caller that waits for it. An
   * id is done once nothing else is wanted about it.
   */
  void answered(PageFindings known, Source source) {
    Findings findings = known.findings();
    context.cache().accept(known.page(), findings);
    waking(
        tickets -> {
          for (int i = 0; i < findings.size(); i++) {
            PendingId id = pending.get(findings.asids()[i]);
            if (id != null) {
              pending.served(id, id.answer(known.page(), findings.verdicts()[i], source, tickets));
            }
          }
        });
  }

  /** Gives every caller that waits for these ids' PSIDs on this Page the reason for none. */
  void end(PageId wanted, long[] asids, Fate fate) {
    waking(
        tickets ->
            pending.of(asids).forEach(id -> pending.served(id, id.close(wanted, fate, tickets))));
  }

  /** Gives every caller that waits for these ids the reason why there is no answer now. */
  void end(Collection<PendingId> ids, Fate fate) {
    waking(
        tickets -> {
          for (PendingId id : ids) {
            id.close(fate, tickets);
            pending.forget(id);
          }
        });
  }

  private void waking(Consumer<Set<Ticket>> work) {
    Set<Ticket> tickets = new HashSet<>();
    synchronized (this) {
      work.accept(tickets);
    }
    tickets.forEach(Ticket::endIfComplete);
  }

  /** Those of {@code asids} that are on their way, by the Pages that they are wanted of. */
  synchronized Map<PageId, long[]> wanted(long[] asids) {
    return pending.wanted(asids);
  }

  synchronized Set<Trace> requests(Collection<PendingId> ids) {
    return Requests.of(ids);
  }

  private LaneQueue queue(Lane lane) {
    return pending.queue(lane);
  }
}
