package org.psidgateway.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.model.Source;
import org.psidgateway.trace.Trace;

/**
 * An unknown id on its way to an answer. However many callers want it, they all wait here, for one
 * call (single flight). Guarded by its {@link PageQueue}.
 */
final class PendingId {
  /** A line of a caller's answers. */
  record Waiter(Ticket ticket, int line) {}

  enum State {
    QUEUED,
    /** Held by a conversion. */
    TAKEN,
    /** Another call, mostly another pod's, is asking it. */
    FOREIGN,
    DONE
  }

  final long asid;

  /** The request that asked first; a call takes one id of each request in turn. */
  final Object owner;

  /** Who sent that request. */
  final String caller;

  private final List<Waiter> waiters = new ArrayList<>(1);
  private int gone;
  Lane lane;
  State state = State.QUEUED;

  /** The trace of the call that is asking it. */
  Trace call = Trace.NONE;

  /** How many calls were refused because of other ids in them. */
  int rounds;

  /** Whether it was refused in a call of its own not long ago, and so gets a call of its own. */
  boolean alone;

  /** Whether its last call ended uncertain: it goes before ids that were never asked. */
  boolean uncertain;

  PendingId(long asid, Lane lane, Object owner, String caller) {
    this.asid = asid;
    this.lane = lane;
    this.owner = owner;
    this.caller = caller;
  }

  void add(Ticket ticket, int line) {
    waiters.add(new Waiter(ticket, line));
  }

  /**
   * Called when a ticket that waited here has closed. Closed ones are taken off the list once they
   * are more than half of it, so that leaving takes constant time however many wait.
   */
  void leave() {
    gone++;
    if (2 * gone > waiters.size()) {
      waiters.removeIf(waiter -> waiter.ticket().isClosed());
      gone = 0;
    }
  }

  boolean isWanted() {
    return waiting() > 0;
  }

  /** How many lines wait here. */
  int waiting() {
    return waiters.size() - gone;
  }

  /** Answers every line that waits here, and adds its ticket to {@code tickets}. */
  void answer(long verdict, Source source, Set<Ticket> tickets) {
    for (Waiter waiter : waiters) {
      waiter.ticket().answer(waiter.line(), verdict, source);
      tickets.add(waiter.ticket());
    }
  }

  /** Closes every line that waits here without an answer, and adds its ticket to the others. */
  void close(Fate fate, Set<Ticket> tickets) {
    for (Waiter waiter : waiters) {
      waiter.ticket().close(waiter.line(), fate, Duration.ZERO);
      tickets.add(waiter.ticket());
    }
  }

  /** Nobody waits here any more, whoever may still hold the id; returns how many lines did. */
  int letGo() {
    int were = waiting();
    waiters.clear();
    gone = 0;
    return were;
  }

  List<Waiter> waiters() {
    return waiters;
  }
}
