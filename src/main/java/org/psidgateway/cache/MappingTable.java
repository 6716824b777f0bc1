package org.psidgateway.cache;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * A bounded table of mappings in primitive arrays: 25 bytes a slot, no object an entry, nothing for
 * the garbage collector to walk. Thread-safe; readers never block each other.
 *
 * <p><b>Layout.</b> Sixteen segments, each a set-associative cache as in a CPU: a key hashes to one
 * bucket of eight slots and lives in one of them or nowhere. So a look-up reads eight neighbours,
 * and the bound is the size of the arrays. A segment starts small and doubles until its share of
 * the bound, so that an idle pod holds little.
 *
 * <p><b>Eviction.</b> Second chance within the bucket: a read marks its slot, a write takes the
 * first unmarked slot from a random one on, or clears all marks where there is none.
 *
 * <p><b>Concurrency.</b> Reads are optimistic ({@link java.util.concurrent.locks.StampedLock}):
 * what was read while a writer was at work is thrown away and read again under the lock, so a PSID
 * is never paired with the wrong id.
 */
final class MappingTable {
  private static final int SEGMENTS = 16;
  private static final int SMALLEST_BOUND = SEGMENTS * Segment.WAYS;

  private final Segment[] segments;
  private final LongAdder size = new LongAdder();

  /** Holds at most {@code maxEntries}, and at least one bucket where that is not 0. */
  MappingTable(int maxEntries) {
    int count = maxEntries == 0 ? 0 : maxEntries < SMALLEST_BOUND ? 1 : SEGMENTS;
    segments = new Segment[count];
    for (int i = 0; i < count; i++) {
      segments[i] = new Segment(Math.max(1, maxEntries / count / Segment.WAYS));
    }
  }

  /** The PSID of (page, asid), or 0. {@code page} is 1 or more. */
  long get(long page, long asid) {
    if (segments.length == 0) {
      return 0;
    }
    long hash = hash(page, asid);
    return segment(hash).find((int) hash, page, asid, true);
  }

  /** When (page, asid) was resolved, in epoch seconds, or 0. */
  long resolvedAt(long page, long asid) {
    if (segments.length == 0) {
      return 0;
    }
    long hash = hash(page, asid);
    return segment(hash).find((int) hash, page, asid, false);
  }

  void put(long page, long asid, long psid, long resolvedAt) {
    if (segments.length > 0) {
      long hash = hash(page, asid);
      int start = ThreadLocalRandom.current().nextInt(Segment.WAYS);
      size.add(segment(hash).put((int) hash, page, asid, psid, resolvedAt, start));
    }
  }

  void remove(long page, long asid) {
    if (segments.length > 0) {
      long hash = hash(page, asid);
      size.add(segment(hash).remove((int) hash, page, asid));
    }
  }

  long size() {
    return size.sum();
  }

  private Segment segment(long hash) {
    return segments[(int) (hash >>> 60) & (segments.length - 1)];
  }

  // The finalizer of SplitMix64 (Steele, Lea, Flood, 2014): neighbouring ids land far apart.
  static long hash(long page, long asid) {
    long h = asid + page * 0x9E3779B97F4A7C15L;
    h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
    return h ^ (h >>> 31);
  }
}
