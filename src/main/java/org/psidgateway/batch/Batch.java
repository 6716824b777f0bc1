package org.psidgateway.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.psidgateway.batch.Flight.State;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.trace.Trace;
import org.psidgateway.trace.Tracing;

/**
 * One run from queue to landing. Until its first grant it speaks for the open batch of its lane, so
 * that this keeps filling; from then on, or from the start where it looks for a bad id, it holds
 * the flights that it was made of. Used by one run at a time.
 */
final class Batch {
  static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final long LONGEST_FAILURE = TimeUnit.MINUTES.toNanos(10);

  final Desk desk;
  final Lane lane;
  private final Isolation isolation;
  private final long waitingSince = System.nanoTime();
  private List<Flight> flights;
  private boolean open;
  private boolean retry;
  private long failedSince;
  private int pauses;
  private int late;
  private volatile Duration leavesAfter = Duration.ZERO;
  private Turns.@Nullable Turn permit;
  private List<Flight> candidates = List.of();
  private Trace trace = Trace.NONE;

  private Batch(Desk desk, Lane lane, List<Flight> flights, boolean open, Isolation isolation) {
    this.desk = desk;
    this.lane = lane;
    this.flights = flights;
    this.open = open;
    this.isolation = isolation;
  }

  static Batch of(Desk desk, Lane lane) {
    return new Batch(desk, lane, List.of(), true, Isolation.none());
  }

  /** A batch of one, within what may be spent on bad ids. */
  static Batch alone(Desk desk, Lane lane, Flight flight) {
    return new Batch(desk, lane, new ArrayList<>(List.of(flight)), false, Isolation.of(0));
  }

  /** Part of this batch, to be asked by itself within what is left of the isolation's calls. */
  private Batch part(List<Flight> some, Isolation isolation) {
    return new Batch(desk, lane, new ArrayList<>(some), false, isolation);
  }

  /** Two halves; only for two flights or more. */
  List<Batch> halves(int callsLeft) {
    Isolation shared = isolation.active() ? isolation : Isolation.of(callsLeft);
    int middle = flights.size() / 2;
    return List.of(
        part(flights.subList(0, middle), shared),
        part(flights.subList(middle, flights.size()), shared));
  }

  /** The ids to reserve. */
  long[] candidates(int batchSize) {
    candidates = open ? desk.candidates(lane, batchSize) : notYetLanded();
    return candidates.stream().mapToLong(flight -> flight.asid).toArray();
  }

  private List<Flight> notYetLanded() {
    synchronized (desk) {
      return flights.stream().filter(flight -> flight.state == State.TAKEN).toList();
    }
  }

  /** Begins the trace of a try to have its candidates asked, linked to who waits for them. */
  Trace trace(Tracing tracing, UUID callId) {
    trace =
        tracing.call(
            () -> desk.waiting(candidates),
            callId.toString(),
            desk.page.value(),
            lane.name().toLowerCase(Locale.ROOT));
    return trace;
  }

  /** That of the present try. */
  Trace trace() {
    return trace;
  }

  /** From now on the batch is what was granted; true where the lane's queue is free for another. */
  boolean seal(Granted granted) {
    List<Flight> before = flights;
    flights = desk.take(granted.asids());
    Set<Flight> kept = new HashSet<>(flights);
    desk.requeue(before.stream().filter(flight -> !kept.contains(flight)).toList());
    desk.asks(trace, flights);
    boolean wasOpen = open;
    open = false;
    return wasOpen;
  }

  /**
   * Marks it as one whose call failed; false where that has gone on for so long that nobody can be
   * waiting any more.
   */
  boolean failedAgain() {
    long now = System.nanoTime();
    failedSince = retry ? failedSince : now;
    retry = true;
    return now - failedSince < LONGEST_FAILURE;
  }

  /** How long to wait after a grant that could not leave in time: twice as long each time. */
  Duration lateAgain() {
    return doubled(SHORTEST_PAUSE, late++);
  }

  /**
   * How long to wait before it tries again what should have worked: twice as long each time, until
   * a call of it leaves.
   */
  Duration pause(Duration first) {
    return doubled(first, pauses++);
  }

  private static Duration doubled(Duration first, int times) {
    Duration pause = first.multipliedBy(1L << Math.min(times, 10));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** A call of it has left. */
  void leaves() {
    pauses = 0;
    late = 0;
  }

  /** How long after its grant was asked for the present call was handed to its connection. */
  Duration leavesAfter() {
    return leavesAfter;
  }

  void leavesAfter(Duration after) {
    leavesAfter = after;
  }

  /** The permit of the present try. */
  Turns.Turn permit() {
    return Objects.requireNonNull(permit);
  }

  void permit(Turns.Turn turn) {
    permit = turn;
  }

  /** Whether its next call is one more for what an earlier one asked. */
  boolean isRetry() {
    return retry;
  }

  /** Since when it has waited for a turn. */
  long waitingSince() {
    return waitingSince;
  }

  boolean isOpen() {
    return open;
  }

  /** Whether it carries an id that travels alone, while the others of its lane go on. */
  boolean isAlone() {
    return !open && flights.stream().anyMatch(flight -> flight.alone);
  }

  Isolation isolation() {
    return isolation;
  }

  List<Flight> flights() {
    return flights;
  }

  /** Ends the batch, or what waits in the open one, without an answer. */
  void land(Fate fate) {
    Collection<Flight> ended = open ? desk.first(lane, Integer.MAX_VALUE) : notYetLanded();
    desk.land(ended, fate);
  }

  /** The calls that may be spent on finding the bad id of one batch, shared by its parts. */
  static final class Isolation {
    private int callsLeft;

    private Isolation(int callsLeft) {
      this.callsLeft = callsLeft;
    }

    static Isolation none() {
      return new Isolation(-1);
    }

    static Isolation of(int calls) {
      return new Isolation(calls);
    }

    boolean active() {
      return callsLeft >= 0;
    }

    synchronized boolean spend() {
      if (callsLeft > 0) {
        callsLeft--;
        return true;
      }
      return !active();
    }
  }
}
