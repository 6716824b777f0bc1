package org.psidgateway.ledger;

/** Stops the start where a number makes no sense, and names its property. */
final class Range {
  private Range() {}

  static void atLeast(long least, long value, String property) {
    if (value < least) {
      throw new IllegalArgumentException(
          property + " is " + value + ": make it " + least + " or more");
    }
  }

  static void share(double value, String property) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(property + " is " + value + ": make it 0 to 1");
    }
  }
}
