package org.psidgateway.chaos;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** The failpoints of one pod: at most one is armed, and it holds the first call that comes by. */
final class Failpoints {
  private final AtomicReference<Stop> armed = new AtomicReference<>();

  Stop arm(Failpoint point) {
    Stop stop = new Stop(point);
    armed.set(stop);
    return stop;
  }

  void disarm() {
    Stop stop = armed.getAndSet(null);
    if (stop != null) {
      stop.release();
    }
  }

  void reach(Failpoint point) throws IOException {
    Stop stop = armed.get();
    if (stop != null && stop.point == point && armed.compareAndSet(stop, null)) {
      stop.hold();
    }
  }
}
