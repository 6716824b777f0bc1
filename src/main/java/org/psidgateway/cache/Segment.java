package org.psidgateway.cache;

import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;

/** A part of a {@link MappingTable} with a lock of its own. */
final class Segment {
  /** Slots of a bucket: the ids of one fill a cache line. */
  static final int WAYS = 8;

  private static final int FIRST_BUCKETS = 16;

  private final StampedLock lock = new StampedLock();
  private final int maxBuckets;
  private Slots slots;
  private int used;

  Segment(int maxBuckets) {
    this.maxBuckets = maxBuckets;
    this.slots = new Slots(Math.min(maxBuckets, FIRST_BUCKETS));
  }

  /** Parallel arrays; a slot is empty where its page is 0. */
  private static final class Slots {
    final int buckets;
    final long[] pages;
    final long[] asids;
    final long[] psids;
    final int[] times;
    final byte[] marks;

    Slots(int buckets) {
      this.buckets = buckets;
      int size = buckets * WAYS;
      pages = new long[size];
      asids = new long[size];
      psids = new long[size];
      times = new int[size];
      marks = new byte[size];
    }

    // Multiply and shift spreads a hash over any number of buckets without a division (Lemire,
    // 2016).
    int first(int hash) {
      return (int) ((Integer.toUnsignedLong(hash) * buckets) >>> 32) * WAYS;
    }

    int slot(int hash, long page, long asid) {
      int first = first(hash);
      for (int i = first; i < first + WAYS; i++) {
        if (asids[i] == asid && pages[i] == page) {
          return i;
        }
      }
      return -1;
    }
  }

  /** The PSID, or the time, of a key; 0 where it is not here. */
  long find(int hash, long page, long asid, boolean psid) {
    long stamp = lock.tryOptimisticRead();
    if (stamp != 0) {
      long found = read(slots, hash, page, asid, psid);
      if (lock.validate(stamp)) {
        return found;
      }
    }
    stamp = lock.readLock();
    try {
      return read(slots, hash, page, asid, psid);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  private static long read(Slots slots, int hash, long page, long asid, boolean psid) {
    int slot = slots.slot(hash, page, asid);
    if (slot < 0) {
      return 0;
    }
    if (slots.marks[slot] == 0) {
      slots.marks[slot] = 1; // a mark written to arrays just replaced is lost, and no harm done
    }
    return psid ? slots.psids[slot] : Integer.toUnsignedLong(slots.times[slot]);
  }

  /** By how much the number of entries grew: 0 or 1. */
  int put(int hash, long page, long asid, long psid, long time, int start) {
    long stamp = lock.writeLock();
    try {
      if (used > slots.buckets * WAYS / 2 && slots.buckets < maxBuckets) {
        grow();
      }
      int before = used;
      place(slots, hash, page, asid, psid, (int) time, start);
      return used - before;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private void place(Slots into, int hash, long page, long asid, long psid, int time, int start) {
    int slot = into.slot(hash, page, asid);
    if (slot < 0) {
      slot = victim(into, into.first(hash), start);
      used += into.pages[slot] == 0 ? 1 : 0;
    }
    into.pages[slot] = page;
    into.asids[slot] = asid;
    into.psids[slot] = psid;
    into.times[slot] = time;
    into.marks[slot] = 0;
  }

  private static int victim(Slots slots, int first, int start) {
    for (int i = first; i < first + WAYS; i++) {
      if (slots.pages[i] == 0) {
        return i;
      }
    }
    for (int i = 0; i < WAYS; i++) {
      int slot = first + ((start + i) & (WAYS - 1));
      if (slots.marks[slot] == 0) {
        return slot;
      }
    }
    Arrays.fill(slots.marks, first, first + WAYS, (byte) 0);
    return first + start;
  }

  private void grow() {
    Slots old = slots;
    Slots bigger = new Slots((int) Math.min(maxBuckets, old.buckets * 2L));
    used = 0;
    for (int i = 0; i < old.pages.length; i++) {
      if (old.pages[i] != 0) {
        int hash = (int) MappingTable.hash(old.pages[i], old.asids[i]);
        place(bigger, hash, old.pages[i], old.asids[i], old.psids[i], old.times[i], 0);
      }
    }
    slots = bigger;
  }

  /** By how much the number of entries grew: 0 or -1. */
  int remove(int hash, long page, long asid) {
    long stamp = lock.writeLock();
    try {
      int slot = slots.slot(hash, page, asid);
      if (slot < 0) {
        return 0;
      }
      slots.pages[slot] = 0;
      slots.asids[slot] = 0;
      used--;
      return -1;
    } finally {
      lock.unlockWrite(stamp);
    }
  }
}
