package org.psidgateway.cache;

import java.util.concurrent.locks.StampedLock;

/**
 * One part of the {@link AnswerTable}: open addressing with linear probing, three words per slot
 * (asid, value, page and second), three slots in four filled at most. A removal closes its gap, so
 * that there are no tombstones and a probe ends at the first free slot.
 */
final class TableSegment {
  private static final int WORDS = 3;
  private static final int VALUE = 1;
  private static final int TAIL = 2;
  private static final int FIRST_SLOTS = 16;
  private static final long MAX_SECONDS = 0xFFFF_FFFFL;

  /** A writer is done within a microsecond, except when a segment grows, which is rare. */
  private static final int OPTIMISTIC_READS = 100;

  private final StampedLock lock = new StampedLock();
  private final int bound;
  private final int maxSlots;
  private long[] slots;

  /**
   * A bit per slot: looked at since the hand came by. A bit lost between readers ages one entry.
   */
  private long[] used;

  private int size;
  private int hand;

  TableSegment(int bound) {
    this.bound = bound;
    this.maxSlots = (int) (bound * 4L / 3) + 2;
    this.slots = firstSlots();
    this.used = bits(slots);
  }

  private long[] firstSlots() {
    return new long[Math.min(FIRST_SLOTS, maxSlots) * WORDS];
  }

  long value(int page, long asid, long hash) {
    return read(page, asid, hash, VALUE);
  }

  long checkedAt(int page, long asid, long hash) {
    return read(page, asid, hash, TAIL) & MAX_SECONDS;
  }

  private long read(int page, long asid, long hash, int word) {
    for (int i = 0; i < OPTIMISTIC_READS; i++) {
      long stamp = lock.tryOptimisticRead();
      if (stamp != 0) {
        long[] slots = this.slots;
        long[] used = this.used;
        int at = locate(slots, page, asid, hash);
        long found = at < 0 ? AnswerTable.NOTHING : slots[at + word];
        if (lock.validate(stamp)) {
          if (at >= 0) {
            mark(used, at / WORDS);
          }
          return found;
        }
      }
      Thread.onSpinWait();
    }
    long stamp = lock.readLock();
    try {
      int at = locate(slots, page, asid, hash);
      return at < 0 ? AnswerTable.NOTHING : slots[at + word];
    } finally {
      lock.unlockRead(stamp);
    }
  }

  void put(int page, long asid, long hash, long value, long checkedAt) {
    if (bound == 0) {
      return;
    }
    long tail = (long) page << 32 | Math.max(0, Math.min(checkedAt, MAX_SECONDS));
    long stamp = lock.writeLock();
    try {
      int at = locate(slots, page, asid, hash);
      if (at >= 0) {
        if (value > 0 || slots[at + VALUE] < 0) {
          slots[at + VALUE] = value;
          slots[at + TAIL] = tail;
        }
        return;
      }
      if (size == bound) {
        evict();
      } else {
        growIfCrowded();
      }
      insert(asid, value, tail, hash);
      size++;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  void remove(int page, long asid, long hash) {
    long stamp = lock.writeLock();
    try {
      int at = locate(slots, page, asid, hash);
      if (at >= 0) {
        removeAt(at / WORDS);
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  void clear() {
    long stamp = lock.writeLock();
    try {
      slots = firstSlots();
      used = bits(slots);
      size = 0;
      hand = 0;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  int size() {
    long stamp = lock.readLock();
    try {
      return size;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Where the key stands, or -1. Ends even in a table that a writer is changing. */
  private static int locate(long[] slots, int page, long asid, long hash) {
    int count = slots.length / WORDS;
    int slot = home(hash, count);
    for (int i = 0; i < count; i++) {
      int at = slot * WORDS;
      long found = slots[at];
      if (found == asid && (int) (slots[at + TAIL] >> 32) == page) {
        return at;
      }
      if (found == 0) {
        return -1;
      }
      slot = next(slot, count);
    }
    return -1;
  }

  private int insert(long asid, long value, long tail, long hash) {
    int count = slots.length / WORDS;
    int slot = home(hash, count);
    while (slots[slot * WORDS] != 0) {
      slot = next(slot, count);
    }
    slots[slot * WORDS] = asid;
    slots[slot * WORDS + VALUE] = value;
    slots[slot * WORDS + TAIL] = tail;
    unmark(used, slot);
    return slot;
  }

  private void growIfCrowded() {
    int count = slots.length / WORDS;
    if (count == maxSlots || (size + 1) * 4L <= count * 3L) {
      return;
    }
    long[] old = slots;
    long[] oldUsed = used;
    slots = new long[(int) Math.min(count * 2L, maxSlots) * WORDS];
    used = bits(slots);
    for (int slot = 0; slot < count; slot++) {
      int at = slot * WORDS;
      if (old[at] != 0) {
        int moved = insert(old[at], old[at + VALUE], old[at + TAIL], hash(old, at));
        if (isMarked(oldUsed, slot)) {
          mark(used, moved);
        }
      }
    }
    hand = 0;
  }

  /** Two rounds at most, even if readers mark faster than the hand moves. */
  private void evict() {
    int count = slots.length / WORDS;
    for (int steps = 0; ; steps++) {
      int slot = hand;
      hand = next(slot, count);
      if (slots[slot * WORDS] != 0) {
        if (!isMarked(used, slot) || steps > 2 * count) {
          removeAt(slot);
          hand = slot; // another entry may have moved there
          return;
        }
        unmark(used, slot);
      }
    }
  }

  /** Moves up what could no longer be found behind a gap. */
  private void removeAt(int slot) {
    int count = slots.length / WORDS;
    int gap = slot;
    for (int i = next(gap, count); slots[i * WORDS] != 0; i = next(i, count)) {
      int home = home(hash(slots, i * WORDS), count);
      boolean reachable = gap <= i ? gap < home && home <= i : gap < home || home <= i;
      if (!reachable) {
        System.arraycopy(slots, i * WORDS, slots, gap * WORDS, WORDS);
        if (isMarked(used, i)) {
          mark(used, gap);
        } else {
          unmark(used, gap);
        }
        gap = i;
      }
    }
    slots[gap * WORDS] = 0;
    size--;
  }

  private static long hash(long[] slots, int at) {
    return AnswerTable.hash((int) (slots[at + TAIL] >> 32), slots[at]);
  }

  private static int home(long hash, int count) {
    return (int) ((hash >>> 32) * count >>> 32);
  }

  private static int next(int slot, int count) {
    return slot + 1 == count ? 0 : slot + 1;
  }

  private static long[] bits(long[] slots) {
    return new long[slots.length / WORDS / Long.SIZE + 1];
  }

  private static boolean isMarked(long[] used, int slot) {
    return (used[slot >> 6] >>> slot & 1) != 0;
  }

  /** Reads first: a line of memory that many read stays shared between the cores. */
  private static void mark(long[] used, int slot) {
    if (!isMarked(used, slot)) {
      used[slot >> 6] |= 1L << slot;
    }
  }

  private static void unmark(long[] used, int slot) {
    used[slot >> 6] &= ~(1L << slot);
  }
}
