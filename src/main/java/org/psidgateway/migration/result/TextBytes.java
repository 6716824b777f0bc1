package org.psidgateway.migration.result;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Text that is UTF-8 already, put together. Not thread-safe. */
final class TextBytes extends ByteArrayOutputStream {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  TextBytes(int expected) {
    super(expected);
  }

  TextBytes add(String text) {
    writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  TextBytes add(byte[] text, int from, int to) {
    write(text, from, to - from);
    return this;
  }

  TextBytes number(long value) {
    return add(Long.toString(value));
  }

  /** A string of JSON, with its quotes. */
  TextBytes json(byte[] text, int from, int to) {
    write('"');
    for (int i = from; i < to; i++) {
      byte b = text[i];
      if (b == '"' || b == '\\') {
        write('\\');
        write(b);
      } else if (b >= 0 && b < ' ') {
        add("\\u00");
        write(HEX[b >> 4]);
        write(HEX[b & 0xf]);
      } else {
        write(b);
      }
    }
    write('"');
    return this;
  }

  TextBytes json(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return json(bytes, 0, bytes.length);
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
    write('"');
    for (int i = from; i < to; i++) {
      if (text[i] == '"') {
        write('"');
      }
      write(text[i]);
    }
    write('"');
    return this;
  }

  TextBytes cell(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return cell(bytes, 0, bytes.length);
  }
}
