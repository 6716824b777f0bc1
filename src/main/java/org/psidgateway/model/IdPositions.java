package org.psidgateway.model;

import java.security.SecureRandom;

/**
 * Finds the position of an id in an array, without an object per id. Seeded, so that callers can't
 * choose ids that collide. Immutable.
 */
public final class IdPositions {
  private static final long SEED = new SecureRandom().nextLong();

  private final long[] keys;
  private final int[] positions;
  private final int mask;

  /**
   * @param ids distinct, each 1 or more
   */
  public IdPositions(long[] ids) {
    int capacity = Integer.highestOneBit(Math.max(2, ids.length * 2)) * 2;
    keys = new long[capacity]; // 0 is no id: an empty slot
    positions = new int[capacity];
    mask = capacity - 1;
    for (int position = 0; position < ids.length; position++) {
      int slot = slot(ids[position]);
      keys[slot] = ids[position];
      positions[slot] = position;
    }
  }

  /** The position of {@code id}, or -1. */
  public int of(long id) {
    int slot = slot(id);
    return keys[slot] == id ? positions[slot] : -1;
  }

  public boolean contains(long id) {
    return of(id) >= 0;
  }

  private int slot(long id) {
    int slot = (int) LongHash.mix(id ^ SEED) & mask;
    while (keys[slot] != 0 && keys[slot] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
