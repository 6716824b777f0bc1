package org.psidgateway.migration.result;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text put together of what is UTF-8 already. Grows. Not thread-safe. */
final class TextBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int length;

  TextBytes(int expected) {
    bytes = new byte[expected];
  }

  TextBytes add(String text) {
    byte[] utf8 = utf8(text);
    return add(utf8, 0, utf8.length);
  }

  TextBytes add(byte[] text, int from, int to) {
    ensure(to - from);
    System.arraycopy(text, from, bytes, length, to - from);
    length += to - from;
    return this;
  }

  /** A character of ASCII, so many times. */
  TextBytes add(char ascii, int times) {
    ensure(times);
    Arrays.fill(bytes, length, length + times, (byte) ascii);
    length += times;
    return this;
  }

  TextBytes add(char ascii) {
    return add(ascii, 1);
  }

  /** A string of JSON, with its quotes. */
  TextBytes json(byte[] text, int from, int to) {
    ensure(6 * (to - from) + 2);
    bytes[length++] = '"';
    for (int i = from; i < to; i++) {
      byte b = text[i];
      if (b == '"' || b == '\\') {
        bytes[length++] = '\\';
        bytes[length++] = b;
      } else if (b >= 0 && b < ' ') {
        add("\\u00");
        bytes[length++] = HEX[b >> 4];
        bytes[length++] = HEX[b & 0xf];
      } else {
        bytes[length++] = b;
      }
    }
    bytes[length++] = '"';
    return this;
  }

  TextBytes json(String text) {
    byte[] utf8 = utf8(text);
    return json(utf8, 0, utf8.length);
  }

  /** A cell of a CSV, in quotes if it needs them. */
  TextBytes cell(byte[] text, int from, int to) {
    boolean plain = true;
    for (int i = from; i < to; i++) {
      plain &= text[i] != ',' && text[i] != '"' && text[i] != '\r' && text[i] != '\n';
    }
    if (plain) {
      return add(text, from, to);
    }
    ensure(2 * (to - from) + 2);
    bytes[length++] = '"';
    for (int i = from; i < to; i++) {
      if (text[i] == '"') {
        bytes[length++] = '"';
      }
      bytes[length++] = text[i];
    }
    bytes[length++] = '"';
    return this;
  }

  TextBytes cell(String text) {
    byte[] utf8 = utf8(text);
    return cell(utf8, 0, utf8.length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
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
}
