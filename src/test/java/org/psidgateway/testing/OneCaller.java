package org.psidgateway.testing;

import java.util.Arrays;

/** For tests in which it does not matter who asks. */
public final class OneCaller {
  public static final String NAME = "crm";

  private OneCaller() {}

  /** The same for all of these ids. */
  public static String[] of(long... asids) {
    String[] callers = new String[asids.length];
    Arrays.fill(callers, NAME);
    return callers;
  }
}
