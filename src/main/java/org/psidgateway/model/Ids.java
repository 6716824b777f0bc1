package org.psidgateway.model;

/**
 * The form that Page ids, ASIDs and PSIDs share: 1 to 19 decimal digits, no leading zero, at most
 * 2^63-1. Inside they are {@code long}s (always 1 or more), on the wire strings: a 64-bit number
 * does not survive a JSON double.
 */
public final class Ids {
  /** What {@link #parse} returns for anything that is not an id; no id has this value. */
  public static final long MALFORMED = 0;

  private static final int MAX_DIGITS = 19;

  private Ids() {}

  /** The id that {@code text} spells, or {@link #MALFORMED}. Never throws. */
  public static long parse(CharSequence text) {
    int length = text.length();
    if (length == 0 || length > MAX_DIGITS || text.charAt(0) == '0') {
      return MALFORMED;
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return MALFORMED;
      }
      value = value * 10 + digit;
    }
    return value < 0 ? MALFORMED : value; // 19 digits overflow at most once, into the negative
  }

  /** As {@link #parse(CharSequence)}, for a slice of a parser's buffer: allocates nothing. */
  public static long parse(char[] buffer, int offset, int length) {
    if (length <= 0 || length > MAX_DIGITS || buffer[offset] == '0') {
      return MALFORMED;
    }
    long value = 0;
    for (int i = offset; i < offset + length; i++) {
      int digit = buffer[i] - '0';
      if (digit < 0 || digit > 9) {
        return MALFORMED;
      }
      value = value * 10 + digit;
    }
    return value < 0 ? MALFORMED : value;
  }
}
