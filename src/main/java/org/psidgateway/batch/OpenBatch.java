package org.psidgateway.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;

/**
 * What waits for its first call, of one Page and lane. It keeps filling for as long as pace or a
 * cooldown hold it back. A call takes an id of every request in turn, so that a single id need not
 * wait behind a list of thousands; ids whose call has ended in uncertainty go first. Guarded by its
 * {@link Desk}.
 */
final class OpenBatch {
  final Lane lane;
  private final Map<Long, Flight> uncertain = new LinkedHashMap<>();
  private final Map<Object, Map<Long, Flight>> requests = new LinkedHashMap<>();
  private final Map<Long, Flight> loners = new LinkedHashMap<>();
  private @Nullable Flight loner;
  private int size;

  /** A run of this batch has no grant yet: a second one would only compete with it. */
  boolean running;

  /** Some of the last candidates were known or claimed already. */
  boolean crowded;

  /** A timer is set that will start a run. */
  boolean lingering;

  private Fate why = Fate.QUEUED;
  private long notBefore = System.nanoTime();

  OpenBatch(Lane lane) {
    this.lane = lane;
  }

  void add(Flight flight) {
    flight.state = Flight.State.QUEUED;
    flight.lane = lane;
    if (flight.alone) {
      loners.put(flight.asid, flight);
      return;
    }
    if (queueOf(flight).put(flight.asid, flight) == null) {
      size++;
    }
  }

  private Map<Long, Flight> queueOf(Flight flight) {
    return flight.uncertain
        ? uncertain
        : requests.computeIfAbsent(flight.owner, owner -> new LinkedHashMap<>());
  }

  /** The next of those that travel alone, unless the last one is still on its way to its call. */
  @Nullable Flight nextAlone() {
    if (loners.isEmpty() || loner != null && loner.state == Flight.State.TAKEN) {
      return null;
    }
    loner = loners.values().iterator().next();
    loners.remove(loner.asid);
    loner.state = Flight.State.TAKEN;
    return loner;
  }

  void remove(Flight flight) {
    if (loners.remove(flight.asid) != null) {
      return;
    }
    if (uncertain.remove(flight.asid) != null) {
      size--;
      return;
    }
    Map<Long, Flight> queue = requests.get(flight.owner);
    if (queue != null && queue.remove(flight.asid) != null) {
      size--;
      if (queue.isEmpty()) {
        requests.remove(flight.owner);
      }
    }
  }

  /** The request has had its share of a call: the others go before it next time. */
  void served(Object owner) {
    Map<Long, Flight> queue = requests.remove(owner);
    if (queue != null) {
      requests.put(owner, queue);
    }
  }

  /** Of those that travel together. */
  int size() {
    return size;
  }

  List<Flight> first(int most) {
    List<Flight> first = new ArrayList<>(Math.min(most, size));
    take(uncertain.values().iterator(), most, first);
    List<Iterator<Flight>> round = new ArrayList<>();
    for (Map<Long, Flight> queue : requests.values()) {
      if (first.size() == most) {
        return first;
      }
      Iterator<Flight> rest = queue.values().iterator();
      first.add(rest.next());
      round.add(rest);
    }
    while (!round.isEmpty() && first.size() < most) {
      round.removeIf(rest -> !rest.hasNext());
      for (Iterator<Flight> rest : round) {
        take(rest, Math.min(most, first.size() + 1), first);
      }
    }
    return first;
  }

  private static void take(Iterator<Flight> from, int most, List<Flight> to) {
    while (to.size() < most && from.hasNext()) {
      to.add(from.next());
    }
  }

  /** Remembers why and for how long nothing leaves, to tell those who stop waiting. */
  void heldBack(Fate why, Duration delay) {
    this.why = why;
    this.notBefore = System.nanoTime() + delay.toNanos();
  }

  Fate why() {
    return untilNextTry().isZero() ? Fate.QUEUED : why;
  }

  Duration untilNextTry() {
    long nanos = notBefore - System.nanoTime();
    return nanos <= 0 ? Duration.ZERO : Duration.ofNanos(nanos);
  }
}
