package org.psidgateway.model;

/** Scatters ids, which are often close to each other, over hash tables of primitive arrays. */
public final class LongHash {
  private LongHash() {}

  /** Every bit of the result depends on every bit of {@code value}. A bijection. */
  public static long mix(long value) {
    long h = value * 0x9E3779B97F4A7C15L;
    h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
    return h ^ (h >>> 32);
  }
}
