package org.psidgateway.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far a replica is behind, by positions in the log and this process's clock: a replica that has
 * replayed what the database had written at a moment lacks nothing that was committed before it.
 * Clocks of servers play no part, and a database that writes nothing leaves no replica behind.
 * While the database can't be reached the lag stands still. Not thread-safe.
 */
final class Lag {
  /** A position that was written at that moment, or earlier. */
  private record Mark(long position, long nanos) {}

  private static final int MOST_MARKS = 120;
  private static final long NONE = Long.MIN_VALUE;

  private final Deque<Mark> ahead = new ArrayDeque<>();
  private long written = NONE;
  private long replayed = NONE;
  private long newest = NONE;
  private long reached = NONE;
  private boolean astray;

  /**
   * The database had written up to here at {@code nanos}. Earlier marks are void if that is less
   * than before, as after a fail-over. If it is less than a replica had replayed already, that
   * replica has what this database never wrote.
   *
   * @param replayedBefore what {@link #replayed()} was before the database was asked
   */
  void written(long position, long nanos, long replayedBefore) {
    astray = position < replayedBefore;
    if (astray || position < written) {
      ahead.clear();
      reached = NONE;
    }
    if (ahead.size() == MOST_MARKS) {
      ahead.removeLast(); // the oldest ones are what a replica reaches first
    }
    if (!astray) {
      ahead.addLast(new Mark(position, nanos));
    }
    written = position;
    newest = nanos;
  }

  /** The replica has replayed up to here. */
  void replayed(long position) {
    replayed = position;
    while (!ahead.isEmpty() && ahead.getFirst().position() <= position) {
      reached = ahead.removeFirst().nanos();
    }
  }

  long replayed() {
    return replayed;
  }

  /** Unbounded until the replica has reached a first mark, and once it went astray. */
  Duration behind() {
    return astray || reached == NONE
        ? Duration.ofNanos(Long.MAX_VALUE)
        : Duration.ofNanos(newest - reached);
  }

  /** How long the database has not said how far it is. */
  Duration silence(long nanos) {
    return newest == NONE ? Duration.ofNanos(Long.MAX_VALUE) : Duration.ofNanos(nanos - newest);
  }
}
