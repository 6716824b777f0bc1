package org.psidgateway.api.mapping;

import java.util.Arrays;
import org.psidgateway.model.LongHash;

/**
 * Ids in the order they first came, each once. Open addressing over two primitive arrays: no object
 * per id. The seed keeps a caller from choosing ids that collide. Not thread-safe.
 */
public final class DistinctIds {
  private final long seed;
  private long[] ids;
  private long[] slots; // 0 is free: no id is 0
  private int size;

  /** Grows if {@code expected} was too low. */
  public DistinctIds(int expected, long seed) {
    this.seed = seed;
    int capacity = Integer.highestOneBit(Math.max(8, expected)) * 2;
    ids = new long[capacity];
    slots = new long[capacity * 2];
  }

  /** Keeps {@code id} (1 or more) unless it is there already. */
  public void add(long id) {
    if (!occupy(id)) {
      return;
    }
    ids[size++] = id;
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      slots = new long[slots.length * 2];
      for (int i = 0; i < size; i++) {
        occupy(ids[i]);
      }
    }
  }

  private boolean occupy(long id) {
    int mask = slots.length - 1;
    int slot = (int) LongHash.mix(id ^ seed) & mask;
    while (slots[slot] != 0) {
      if (slots[slot] == id) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = id;
    return true;
  }

  public int size() {
    return size;
  }

  public long[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}
