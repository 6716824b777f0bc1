package org.psidgateway.api.mapping;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON written straight into bytes: what a list of known ids needs and no more. The caller writes
 * the commas. Not thread-safe.
 */
public final class JsonBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_NUMBER = 20;
  private static final byte[] PAIRS = new byte[200];

  static {
    for (int i = 0; i < 100; i++) {
      PAIRS[2 * i] = (byte) ('0' + i / 10);
      PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
    }
  }

  private byte[] bytes;
  private int length;

  public JsonBytes(int expected) {
    bytes = new byte[expected];
  }

  /** The UTF-8 form of a constant, to be kept and handed to {@link #raw}. */
  public static byte[] constant(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  /** What {@link #constant} made. */
  public JsonBytes raw(byte[] json) {
    ensure(json.length);
    System.arraycopy(json, 0, bytes, length, json.length);
    length += json.length;
    return this;
  }

  /** One character of ASCII, as it stands. */
  public JsonBytes raw(char ascii) {
    ensure(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  /** The digits of a number that is not negative: two at a time, which halves the divisions. */
  public JsonBytes number(long value) {
    ensure(LONGEST_NUMBER);
    int digits = 1;
    for (long power = 10; digits < LONGEST_NUMBER - 1 && value >= power; power *= 10) {
      digits++;
    }
    int at = length + digits;
    length = at;
    while (value >= 10) {
      long rest = value / 100;
      int pair = (int) (value - rest * 100) * 2;
      bytes[--at] = PAIRS[pair + 1];
      bytes[--at] = PAIRS[pair];
      value = rest;
    }
    if (at > length - digits) {
      bytes[--at] = (byte) ('0' + value);
    }
    return this;
  }

  /** An id: its digits, quoted. */
  public JsonBytes id(long value) {
    return raw('"').number(value).raw('"');
  }

  /** Any text, quoted and escaped; halves of surrogate pairs survive as escapes. */
  public JsonBytes string(CharSequence text) {
    raw('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        raw('\\').raw(c);
      } else if (c >= ' ' && c < 0x7f) {
        raw(c);
      } else {
        escape(c);
      }
    }
    return raw('"');
  }

  private void escape(char c) {
    raw('\\').raw('u');
    for (int shift = 12; shift >= 0; shift -= 4) {
      raw((char) HEX[(c >> shift) & 0xf]);
    }
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  /** What was written, without a copy; nothing may be written afterwards. */
  @SuppressWarnings("deprecation") // the one way to hand on bytes without copying them
  public Buffer toBuffer() {
    return Buffer.buffer(Unpooled.wrappedBuffer(bytes, 0, length));
  }
}
