package org.psidgateway.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far a replica is behind, by positions in the log and this process's clock: who has replayed
 * what the database had written at a moment lacks nothing that was committed before it. Clocks of
 * servers play no part, and a database that writes nothing leaves nobody behind. While the database
 * can't be reached the lag stands still. Not thread-safe.
 */
final class Lag {
  /** A position that was written at that moment, or earlier. */
  private record Mark(long position, long nanos) {}

  private static final int MOST_MARKS = 120;

  private final Deque<Mark> ahead = new ArrayDeque<>();
  private long newest = Long.MIN_VALUE;
  private long reached = Long.MIN_VALUE;

  /** The database had written up to here at {@code nanos}. */
  void written(long position, long nanos) {
    if (ahead.size() == MOST_MARKS) {
      ahead.removeLast(); // the oldest ones are what a replica reaches first
    }
    ahead.addLast(new Mark(position, nanos));
    newest = nanos;
  }

  /** The replica has replayed up to here. */
  void replayed(long position) {
    while (!ahead.isEmpty() && ahead.getFirst().position() <= position) {
      reached = ahead.removeFirst().nanos();
    }
  }

  /** Unbounded until the replica has reached a first mark. */
  Duration behind() {
    return reached == Long.MIN_VALUE
        ? Duration.ofNanos(Long.MAX_VALUE)
        : Duration.ofNanos(newest - reached);
  }
}
