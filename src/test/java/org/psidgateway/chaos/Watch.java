package org.psidgateway.chaos;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks during a scenario, several times a second, at what must hold at every moment. */
final class Watch implements AutoCloseable {
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Set<Finding> findings = new LinkedHashSet<>();

  Watch(Arena arena) {
    clock.scheduleWithFixedDelay(() -> look(arena), 0, 300, TimeUnit.MILLISECONDS);
  }

  private void look(Arena arena) {
    try {
      List<Finding> now = arena.audit.units(arena.limit);
      synchronized (findings) {
        findings.addAll(now);
      }
    } catch (IllegalStateException e) {
      // PostgreSQL is down: later, then
    }
  }

  List<Finding> findings() {
    synchronized (findings) {
      return List.copyOf(findings);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
