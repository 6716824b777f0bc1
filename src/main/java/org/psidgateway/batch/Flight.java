package org.psidgateway.batch;

import java.util.ArrayList;
import java.util.List;
import org.psidgateway.model.Lane;
import org.psidgateway.trace.Trace;

/**
 * One unknown id on its way: everybody who wants it waits here, however many they are (single
 * flight). Guarded by its {@link Desk}.
 */
final class Flight {
  /** A line of somebody's sheet. */
  record Waiter(Ticket ticket, int line) {}

  enum State {
    QUEUED,
    /** In a batch of its own, or in a call. */
    TAKEN,
    /** Another call is asking it. */
    PARKED,
    LANDED
  }

  final long asid;

  /** The request that asked first; a call takes an id of every request in turn. */
  final Object owner;

  private final List<Waiter> waiters = new ArrayList<>(1);
  private int gone;
  Lane lane;
  State state = State.QUEUED;

  /** That of the call which asks it. */
  Trace call = Trace.NONE;

  /** How many refusals that named other ids it has been through. */
  int rounds;

  /** It was refused alone not long ago, and travels alone. */
  boolean alone;

  /** Its last call ended in uncertainty: it is asked before those that never were. */
  boolean uncertain;

  Flight(long asid, Lane lane, Object owner) {
    this.asid = asid;
    this.lane = lane;
    this.owner = owner;
  }

  void board(Ticket ticket, int line) {
    waiters.add(new Waiter(ticket, line));
  }

  /**
   * For a ticket that waited here and is closed by now. Closed ones are taken off the list once
   * they are the greater part of it, so that leaving takes the same time however many wait.
   */
  void leave() {
    gone++;
    if (2 * gone > waiters.size()) {
      waiters.removeIf(waiter -> waiter.ticket().isClosed());
      gone = 0;
    }
  }

  boolean wanted() {
    return waiting() > 0;
  }

  /** How many lines wait here. */
  int waiting() {
    return waiters.size() - gone;
  }

  List<Waiter> waiters() {
    return waiters;
  }
}
