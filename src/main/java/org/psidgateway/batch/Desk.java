package org.psidgateway.batch;

import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.psidgateway.batch.Flight.State;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.trace.Trace;

/**
 * All unknown ids of one Page in this pod. One lock, held for memory work only; callers' wake-ups
 * happen outside of it. Lock order: desk, then ticket.
 */
final class Desk {
  private static final int SOON_SECONDS = 1;

  final PageId page;
  private final Load load;
  private final BatchMeters meters;
  private final Turns turns;
  private final Map<Long, Flight> flights = new HashMap<>();
  private final Map<Lane, OpenBatch> open = new EnumMap<>(Lane.class);
  private final Map<UUID, List<Flight>> parked = new HashMap<>();
  private int look;
  private long lookAt;
  private boolean lookPlanned;
  private final Suspects suspects = new Suspects();

  Desk(PageId page, Load load, BatchMeters meters, Turns turns) {
    this.page = page;
    this.turns = turns;
    this.meters = meters;
    this.load = load;
    for (Lane lane : Lane.values()) {
      open.put(lane, new OpenBatch(lane));
    }
  }

  /** Boards every blank line of the sheet: on the flight under way for its id, or on a new one. */
  Ticket join(Lane lane, Answers answers, Trace trace) {
    Ticket ticket = new Ticket(answers, this, trace);
    int joined = 0;
    ticket.board();
    synchronized (this) {
      for (int line = 0; line < answers.size(); line++) {
        if (answers.isOpen(line) && board(ticket, line, answers.asid(line), lane)) {
          joined++;
        }
      }
      if (trace.isRecorded()) {
        callsOf(answers).forEach(trace::link);
      }
    }
    meters.joined(joined);
    ticket.endIfComplete();
    return ticket;
  }

  /** Those that were under way for some of these ids when the sheet came. */
  private Set<Trace> callsOf(Answers answers) {
    Set<Trace> calls = new HashSet<>();
    for (int line = 0; line < answers.size(); line++) {
      Flight flight = flights.get(answers.asid(line));
      if (flight != null && flight.state == State.TAKEN) {
        calls.add(flight.call);
      }
    }
    return calls;
  }

  /** Those of the requests that wait for these ids and are recorded. */
  synchronized Set<Trace> waiting(Collection<Flight> some) {
    return some.stream()
        .flatMap(flight -> flight.waiters().stream())
        .map(waiter -> waiter.ticket().trace)
        .filter(Trace::isRecorded)
        .collect(toSet());
  }

  /** Leads everybody who waits for these ids to the call that asks them, later comers included. */
  synchronized void asks(Trace call, Collection<Flight> taken) {
    taken.forEach(flight -> flight.call = call);
    if (call.isRecorded()) {
      waiting(taken).forEach(trace -> trace.link(call));
    }
  }

  /** True where the id is on its way already. */
  private boolean board(Ticket ticket, int line, long asid, Lane lane) {
    Flight flight = flights.get(asid);
    boolean joins = flight != null;
    if (!load.admits(!joins)) {
      ticket.settle(line, Fate.QUEUE_FULL, SOON_SECONDS);
      return false;
    }
    if (flight == null) {
      flight = new Flight(asid, lane, ticket.request);
      flight.alone = suspects.contains(asid, System.nanoTime());
      flights.put(asid, flight);
      open(lane).add(flight);
    } else if (flight.state == State.QUEUED && lane.compareTo(flight.lane) < 0) {
      open(flight.lane).remove(flight); // somebody in more of a hurry wants it too
      open(lane).add(flight);
    } else if (lane.compareTo(flight.lane) < 0) {
      flight.lane = lane; // should it come back
    }
    flight.board(ticket, line);
    return joins;
  }

  /** Takes the ticket off every flight and writes what is still blank as pending. Idempotent. */
  synchronized void leave(Ticket ticket) {
    List<Flight> left = new ArrayList<>();
    synchronized (ticket) {
      if (ticket.isClosed()) {
        return;
      }
      Answers answers = ticket.answers();
      for (int line = 0; line < answers.size(); line++) {
        if (answers.isOpen(line)) {
          Flight flight = flights.get(answers.asid(line));
          if (flight == null) {
            ticket.settle(line, Fate.QUEUED, SOON_SECONDS); // landing at this very moment
          } else {
            pend(ticket, line, flight.lane);
            if (ticket.isBoarded()) {
              left.add(flight);
            }
          }
        }
      }
      ticket.close();
    }
    left.forEach(Flight::leave);
    load.lines(-left.size());
    meters.waited(ticket.age());
  }

  private void pend(Ticket ticket, int line, Lane lane) {
    Turns.Held held = turns.held(lane);
    OpenBatch batch = open(lane);
    if (held != null && held.left().compareTo(batch.untilNextTry()) >= 0) {
      ticket.settle(line, held.why(), seconds(held.left()));
    } else {
      ticket.settle(line, batch.why(), seconds(batch.untilNextTry()));
    }
  }

  /** A ticket for who comes when the pod is going down: all that is blank becomes pending. */
  Ticket turnAway(Answers answers, Trace trace) {
    Ticket ticket = new Ticket(answers, this, trace);
    ticket.end();
    return ticket;
  }

  /** Tells everybody who waits for a turn, or for other pods, to ask again. */
  void close() {
    land(those(flight -> flight.state != State.TAKEN), Fate.QUEUED);
  }

  /** Tells everybody, those included whose call is under way: its answer is kept all the same. */
  void closeAll() {
    land(those(flight -> true), Fate.QUEUED);
  }

  private synchronized List<Flight> those(Predicate<Flight> which) {
    return flights.values().stream().filter(which).toList();
  }

  private static int seconds(Duration wait) {
    return (int) Math.min(Integer.MAX_VALUE, wait.toSeconds() + SOON_SECONDS);
  }

  OpenBatch open(Lane lane) {
    OpenBatch batch = open.get(lane);
    if (batch == null) {
      throw new IllegalStateException("no batch for " + lane);
    }
    return batch;
  }

  /** The queued ids of a lane, in the order in which they would leave. */
  synchronized List<Flight> first(Lane lane, int most) {
    return open(lane).first(most);
  }

  /**
   * The ids to reserve next. Where the last look found some of them taken, twice as many as fit
   * into a call, so that it leaves full all the same.
   */
  synchronized List<Flight> candidates(Lane lane, int batchSize) {
    OpenBatch batch = open(lane);
    return batch.first(batch.crowded ? 2 * batchSize : batchSize);
  }

  /** Remembers whether others are after the same ids. */
  synchronized void crowded(Lane lane, boolean crowded) {
    open(lane).crowded = crowded;
  }

  /** The next id that has to travel alone, if there is one and none is under way; it is taken. */
  synchronized @Nullable Flight nextAlone(Lane lane) {
    return open(lane).nextAlone();
  }

  /** Lets ids that were refused alone travel alone for a while. */
  synchronized void suspect(Collection<Flight> refused) {
    refused.forEach(flight -> suspects.add(flight.asid, System.nanoTime()));
  }

  /** Takes those of {@code asids} that are on their way out of their queue. */
  synchronized List<Flight> take(long[] asids) {
    List<Flight> taken = new ArrayList<>(asids.length);
    for (long asid : asids) {
      Flight flight = flights.get(asid);
      if (flight != null) {
        open(flight.lane).remove(flight);
        flight.state = State.TAKEN;
        taken.add(flight);
      }
    }
    Set<Object> served = new LinkedHashSet<>();
    taken.forEach(flight -> served.add(flight.owner));
    served.forEach(owner -> open.values().forEach(batch -> batch.served(owner)));
    return taken;
  }

  /** Puts ids back into their lane's open batch. */
  synchronized void requeue(Collection<Flight> back) {
    for (Flight flight : back) {
      if (flight.state == State.TAKEN) {
        open(flight.lane).add(flight);
      }
    }
  }

  /** Leaves ids to the call that is asking them already. */
  synchronized void park(UUID callId, long[] asids) {
    List<Flight> waiting = parked.computeIfAbsent(callId, call -> new ArrayList<>());
    for (Flight flight : take(asids)) {
      flight.state = State.PARKED;
      waiting.add(flight);
    }
  }

  /** The ids that other calls are asking, by call. */
  synchronized Map<UUID, long[]> parked() {
    Map<UUID, long[]> ids = new HashMap<>();
    parked.forEach(
        (call, waiting) -> ids.put(call, waiting.stream().mapToLong(f -> f.asid).toArray()));
    return ids;
  }

  /**
   * Ids whose call has ended without an answer go back to their queue, if somebody wants them.
   *
   * @param looked the parked ids that were looked at, by call
   * @param still those of them that are under way
   */
  synchronized void unpark(Map<UUID, long[]> looked, Map<UUID, long[]> still) {
    looked.forEach(
        (call, asids) -> {
          Set<Long> waiting =
              LongStream.of(still.getOrDefault(call, new long[0])).boxed().collect(toSet());
          List<Flight> flights = parked.getOrDefault(call, new ArrayList<>());
          Set<Long> seen = LongStream.of(asids).boxed().collect(toSet());
          flights.removeIf(
              flight ->
                  seen.contains(flight.asid) && !waiting.contains(flight.asid) && back(flight));
          if (flights.isEmpty()) {
            parked.remove(call);
          }
        });
  }

  private boolean back(Flight flight) {
    if (flight.state == State.PARKED && flight.wanted()) {
      flight.uncertain = true;
      open(flight.lane).add(flight);
    } else if (flight.state == State.PARKED) {
      forget(flight);
    }
    return true;
  }

  /**
   * Plans a look at the parked ids.
   *
   * @return its number, for {@link #beginLook}; 0 where none is parked, or one is due earlier
   */
  synchronized int planLook(Duration after) {
    long at = System.nanoTime() + after.toNanos();
    if (parked.isEmpty() || lookPlanned && lookAt - at <= 0) {
      return 0;
    }
    lookPlanned = true;
    lookAt = at;
    return ++look;
  }

  /** False where another look has taken its place. */
  synchronized boolean beginLook(int number) {
    boolean latest = number == look;
    lookPlanned &= !latest;
    return latest;
  }

  /** Tells everybody who waits what is known. */
  void land(Findings findings, Source source) {
    Set<Ticket> told = new HashSet<>();
    synchronized (this) {
      for (int i = 0; i < findings.size(); i++) {
        Flight flight = flights.get(findings.asids()[i]);
        if (flight != null) {
          for (Flight.Waiter waiter : flight.waiters()) {
            waiter.ticket().know(waiter.line(), findings.verdicts()[i], source);
            told.add(waiter.ticket());
          }
          forget(flight);
        }
      }
    }
    told.forEach(Ticket::endIfComplete);
  }

  /** Tells everybody who waits that there will be no answer now, and why. */
  void land(Collection<Flight> ended, Fate fate) {
    Set<Ticket> told = new HashSet<>();
    synchronized (this) {
      for (Flight flight : ended) {
        for (Flight.Waiter waiter : flight.waiters()) {
          waiter.ticket().settle(waiter.line(), fate, SOON_SECONDS);
          told.add(waiter.ticket());
        }
        forget(flight);
      }
    }
    told.forEach(Ticket::endIfComplete);
  }

  private void forget(Flight flight) {
    if (flight.state != State.LANDED) {
      open(flight.lane).remove(flight);
      flight.state = State.LANDED;
      flights.remove(flight.asid, flight);
      load.ids(-1);
      load.lines(-flight.waiting());
    }
  }
}
