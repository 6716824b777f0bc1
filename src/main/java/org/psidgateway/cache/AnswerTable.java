package org.psidgateway.cache;

import org.psidgateway.model.LongHash;

/**
 * A bounded map from (page, asid) to a {@code long} and the second it was checked at: primitive
 * arrays, 32 bytes per entry when full; objects would take four times as much, and a look-up four
 * times as many cache misses. Pages are distinguished by a small number of the caller's.
 *
 * <p>It never holds more than {@code maxEntries}; what was not looked at since the last round of
 * the hand goes first (CLOCK). Memory is taken as it fills. Thread-safe: segments are locked for
 * writing one by one; a reader takes no lock and never sees the value of another key, since what it
 * read while a writer was at work is thrown away and read again.
 */
final class AnswerTable {
  /** No entry; no entry has this value. */
  static final long NOTHING = 0;

  /** More of them than threads, so that writers seldom meet. */
  private static final int MAX_SEGMENTS = 256;

  /** Fewer entries than this would be spread unevenly, and the bound be reached too early. */
  private static final int MIN_ENTRIES = 1024;

  private final TableSegment[] segments;

  AnswerTable(int maxEntries) {
    int count =
        Math.min(MAX_SEGMENTS, Integer.highestOneBit(Math.max(1, maxEntries / MIN_ENTRIES)));
    segments = new TableSegment[count];
    for (int i = 0; i < count; i++) {
      segments[i] = new TableSegment(maxEntries / count + (i < maxEntries % count ? 1 : 0));
    }
  }

  /** The value of this key, or {@link #NOTHING}. */
  long get(int page, long asid) {
    long hash = hash(page, asid);
    return segment(hash).value(page, asid, hash);
  }

  /** When the value of this key was checked, in epoch seconds, or {@link #NOTHING}. */
  long checkedAt(int page, long asid) {
    long hash = hash(page, asid);
    return segment(hash).checkedAt(page, asid, hash);
  }

  /**
   * Keeps a value other than {@link #NOTHING} for an {@code asid} above 0. A positive one replaces
   * any; a negative one never replaces a positive one.
   */
  void put(int page, long asid, long value, long checkedAt) {
    long hash = hash(page, asid);
    segment(hash).put(page, asid, hash, value, checkedAt);
  }

  void remove(int page, long asid) {
    long hash = hash(page, asid);
    segment(hash).remove(page, asid, hash);
  }

  /** Removes what is there when called; what is put meanwhile may stay. Gives the memory back. */
  void clear() {
    for (TableSegment segment : segments) {
      segment.clear();
    }
  }

  /** How many entries there are, while nobody writes; near it otherwise. */
  int size() {
    int size = 0;
    for (TableSegment segment : segments) {
      size += segment.size();
    }
    return size;
  }

  private TableSegment segment(long hash) {
    return segments[(int) hash & (segments.length - 1)];
  }

  /** The low bits choose the segment, the high half the place in it. */
  static long hash(int page, long asid) {
    return LongHash.mix(asid ^ page * 0xC2B2AE3D27D4EB4FL);
  }
}
