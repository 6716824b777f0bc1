package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.psidgateway.transfer.rows.UnreadableFile.Kind;

/** The lines of a text, which end with LF, CRLF or CR, the last one perhaps with nothing. */
final class Lines {
  private static final int SIZE = 16 * 1024;
  private static final int LONGEST = 1 << 20;

  private final InputStream in;
  private byte[] buffer = new byte[SIZE];
  private int start;
  private int end;
  private long number;
  private boolean afterCr;

  Lines(InputStream in) {
    this.in = in;
  }

  /** The number of the line that {@link #next} returned, from 1 on. */
  long number() {
    return number;
  }

  /** The next line, without its end; null if there is none. */
  @Nullable String next() throws IOException {
    if (start == end && !fill()) {
      return null;
    }
    if (afterCr && buffer[start] == '\n') {
      start++;
      if (start == end && !fill()) {
        return null;
      }
    }
    number++;
    int length = 0;
    do {
      while (start + length < end) {
        byte b = buffer[start + length];
        if (b == '\n' || b == '\r') {
          afterCr = b == '\r';
          return take(length, 1);
        }
        length++;
      }
    } while (fill());
    return take(length, 0);
  }

  private String take(int length, int lineEnd) throws UnreadableFile {
    if (length > LONGEST) {
      throw tooLong();
    }
    String line = new String(buffer, start, length, StandardCharsets.UTF_8);
    start += length + lineEnd;
    return line;
  }

  /** Reads on behind what there is of this line. */
  private boolean fill() throws IOException {
    int kept = end - start;
    if (kept > LONGEST) {
      throw tooLong();
    }
    byte[] target = kept > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
    System.arraycopy(buffer, start, target, 0, kept);
    buffer = target;
    start = 0;
    end = kept;
    int read = in.read(buffer, end, buffer.length - end);
    end += Math.max(0, read);
    return read > 0;
  }

  private UnreadableFile tooLong() {
    return new UnreadableFile(Kind.SYNTAX, number, "line " + number + " is longer than 1 MiB");
  }
}
