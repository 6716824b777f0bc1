package org.psidgateway.transfer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Rows of digits and constants, written straight into bytes. Grows. Not thread-safe. */
final class AsciiBytes {
  private static final int LONGEST_NUMBER = 20;

  private byte[] bytes;
  private int length;

  AsciiBytes(int expected) {
    bytes = new byte[expected];
  }

  static byte[] constant(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  AsciiBytes add(byte[] constant) {
    ensure(constant.length);
    System.arraycopy(constant, 0, bytes, length, constant.length);
    length += constant.length;
    return this;
  }

  AsciiBytes add(char ascii) {
    ensure(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  /** The digits of a number that is not negative. */
  AsciiBytes number(long value) {
    ensure(LONGEST_NUMBER);
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  int length() {
    return length;
  }

  /** Its own array: the first {@link #length} bytes of it count. */
  byte[] array() {
    return bytes;
  }

  void clear() {
    length = 0;
  }
}
