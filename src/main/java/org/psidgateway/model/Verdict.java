package org.psidgateway.model;

/**
 * What is known of one id, packed into a {@code long} so that a list of them is an array: a PSID (1
 * or more), or one of the constants. Caches, store and batch hand these around.
 */
public final class Verdict {
  /** Nothing is known. */
  public static final long UNKNOWN = 0;

  /** The upstream answered without this id. */
  public static final long UNMAPPED = -1;

  /** The upstream refused this id by name. */
  public static final long REJECTED = -2;

  private Verdict() {}

  public static boolean isPsid(long verdict) {
    return verdict > 0;
  }

  public static boolean isNegative(long verdict) {
    return verdict < 0;
  }

  /** The fate that callers get. {@code verdict} must not be {@link #UNKNOWN}. */
  public static Fate fate(long verdict) {
    if (verdict > 0) {
      return Fate.MAPPED;
    }
    if (verdict == UNMAPPED) {
      return Fate.NOT_RETURNED_BY_UPSTREAM;
    }
    if (verdict == REJECTED) {
      return Fate.REJECTED_BY_UPSTREAM;
    }
    throw new IllegalArgumentException("nothing is known");
  }
}
