package org.psidgateway.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;

/**
 * What waits for its first call, of one Page and lane, oldest first. It keeps filling for as long
 * as pace or a cooldown hold it back. Guarded by its {@link Desk}.
 */
final class OpenBatch {
  final Lane lane;
  private final Map<Long, Flight> queue = new LinkedHashMap<>();

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
    queue.put(flight.asid, flight);
  }

  void remove(Flight flight) {
    queue.remove(flight.asid);
  }

  int size() {
    return queue.size();
  }

  List<Flight> first(int most) {
    List<Flight> first = new ArrayList<>(Math.min(most, queue.size()));
    for (Flight flight : queue.values()) {
      if (first.size() == most) {
        break;
      }
      first.add(flight);
    }
    return first;
  }

  /** Remembers why and for how long nothing leaves, to tell those who stop waiting. */
  void heldBack(Fate why, Duration delay) {
    this.why = why;
    this.notBefore = System.nanoTime() + delay.toNanos();
  }

  Fate why() {
    return why;
  }

  Duration untilNextTry() {
    long nanos = notBefore - System.nanoTime();
    return nanos <= 0 ? Duration.ZERO : Duration.ofNanos(nanos);
  }
}
