package org.psidgateway.migration.work;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.psidgateway.migration.MigrationId;

/** How many ids a second were decided over the last minute. One thread at a time. */
final class Rates {
  private static final long PERIOD = TimeUnit.MINUTES.toNanos(1);

  private final Map<MigrationId, Deque<long[]>> seen = new HashMap<>();

  /**
   * @param decided so far
   * @return 0 if that was not seen before
   */
  double of(MigrationId id, long nanos, long decided) {
    Deque<long[]> points = seen.computeIfAbsent(id, any -> new ArrayDeque<>());
    points.add(new long[] {nanos, decided});
    while (points.size() > 2 && nanos - points.element()[0] > PERIOD) {
      points.remove();
    }
    long[] first = points.element();
    return nanos - first[0] <= 0 ? 0 : Math.max(0, decided - first[1]) / ((nanos - first[0]) / 1e9);
  }

  void keep(Set<MigrationId> ids) {
    seen.keySet().retainAll(ids);
  }
}
