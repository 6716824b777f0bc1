package org.psidgateway.batch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The ids that were refused when asked alone, for an hour: in a call with others, each of them
 * would cost these their answer. Guarded by its {@link PageQueue}.
 */
final class Suspects {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  /** Isolation, with its share of the pace, finds far fewer in an hour. */
  private static final int MOST = 1000;

  private final Map<Long, Long> refusedAt =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > MOST;
        }
      };

  void add(long asid, long nanoTime) {
    refusedAt.remove(asid);
    refusedAt.put(asid, nanoTime);
  }

  boolean contains(long asid, long nanoTime) {
    Long at = refusedAt.get(asid);
    if (at != null && nanoTime - at >= HOUR) {
      refusedAt.remove(asid);
      return false;
    }
    return at != null;
  }
}
