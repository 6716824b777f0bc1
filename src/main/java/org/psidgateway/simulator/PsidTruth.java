package org.psidgateway.simulator;

/** Makes up PSIDs by hashing: without memory, and without an order that a mix-up could hide in. */
final class PsidTruth {
  private static final long SMALLEST = 100_000_000_000_000L;
  private static final long BEYOND = 100_000_000_000_000_000L;

  private PsidTruth() {}

  static long of(long page, long asid) {
    return SMALLEST + Math.floorMod(mix(mix(page) + asid), BEYOND - SMALLEST);
  }

  /** True for half of all pairs; has nothing to do with {@link #of}. */
  static boolean half(long page, long asid) {
    return (mix(mix(~page) ^ asid) & 1) == 0;
  }

  /** The finaliser of SplitMix64: every bit of the input moves every bit of the output. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
