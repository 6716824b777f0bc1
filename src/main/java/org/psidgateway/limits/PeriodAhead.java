package org.psidgateway.limits;

import java.util.Arrays;
import org.psidgateway.model.Lane;

/** Arrivals that a period of the pace counts, past ones and those to come. Not thread-safe. */
final class PeriodAhead {
  private static final int FIRST_SIZE = 256;

  private long[] arrivals = new long[FIRST_SIZE];

  /** What all before this one cost together. */
  private double[] before = new double[FIRST_SIZE];

  private final int[] bounding = new int[Lane.values().length];
  private int size;
  private double total;

  /** An arrival that lies before the latest one counts as of the same moment. */
  void add(long by, double cost) {
    if (size == arrivals.length) {
      arrivals = Arrays.copyOf(arrivals, 2 * size);
      before = Arrays.copyOf(before, 2 * size);
    }
    arrivals[size] = size == 0 ? by : Math.max(by, arrivals[size - 1]);
    before[size] = total;
    total += cost;
    size++;
  }

  /**
   * The latest arrival that, with all later ones, costs more than {@code most}: see {@link
   * Pace#earliest}. Cheap for as long as {@code most} is about the same for the lane.
   */
  long bounding(Lane lane, int most) {
    int at = bounding[lane.ordinal()];
    while (at + 1 < size && total - before[at + 1] > most) {
      at++;
    }
    while (at > 0 && total - before[at] <= most) {
      at--;
    }
    bounding[lane.ordinal()] = at;
    return size > 0 && total - before[at] > most ? arrivals[at] : Long.MIN_VALUE;
  }
}
