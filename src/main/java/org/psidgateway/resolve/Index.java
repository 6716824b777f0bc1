package org.psidgateway.resolve;

import java.security.SecureRandom;

/**
 * Finds the place of an id in an array, without an object per id. Seeded, so that nobody can choose
 * ids that collide.
 */
final class Index {
  private static final long SEED = new SecureRandom().nextLong();

  private final long[] keys;
  private final int[] places;
  private final int mask;

  Index(long[] ids) {
    int capacity = Integer.highestOneBit(Math.max(2, ids.length * 2)) * 2;
    keys = new long[capacity]; // 0 is no id: an empty slot
    places = new int[capacity];
    mask = capacity - 1;
    for (int place = 0; place < ids.length; place++) {
      int slot = slot(ids[place]);
      keys[slot] = ids[place];
      places[slot] = place;
    }
  }

  /** The place of {@code id}, or -1. */
  int of(long id) {
    int slot = slot(id);
    return keys[slot] == id ? places[slot] : -1;
  }

  private int slot(long id) {
    int slot = (int) (spread(id) >>> 33) & mask;
    while (keys[slot] != 0 && keys[slot] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static long spread(long id) {
    long h = (id ^ SEED) * 0x9E3779B97F4A7C15L;
    return (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
  }
}
