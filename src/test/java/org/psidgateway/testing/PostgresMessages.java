package org.psidgateway.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts one direction of a PostgreSQL connection into its messages (protocol 3.0). */
public final class PostgresMessages {
  private byte[] rest = new byte[0];
  private boolean untyped;

  /**
   * @param untyped whether the first message has no type byte, as a client's start-up packet
   */
  public PostgresMessages(boolean untyped) {
    this.untyped = untyped;
  }

  /** The messages that are whole by now, in order. */
  public List<Message> add(byte[] bytes, int count) {
    byte[] all = Arrays.copyOf(rest, rest.length + count);
    System.arraycopy(bytes, 0, all, rest.length, count);
    List<Message> whole = new ArrayList<>();
    int at = 0;
    while (true) {
      int head = untyped ? 0 : 1;
      if (all.length - at < head + 4) {
        break;
      }
      int length = head + ByteBuffer.wrap(all).getInt(at + head);
      if (all.length - at < length) {
        break;
      }
      char type = untyped ? ' ' : (char) all[at];
      whole.add(new Message(type, Arrays.copyOfRange(all, at, at + length)));
      untyped = false;
      at += length;
    }
    rest = Arrays.copyOfRange(all, at, all.length);
    return whole;
  }

  /** A message with its head, as it goes over the wire; {@code type} is a blank for start-up. */
  public record Message(char type, byte[] bytes) {

    /** The n-th of the strings, each closed by a zero, that the body begins with. */
    public String text(int n) {
      int start = 5;
      for (int skipped = 0; skipped < n; skipped++) {
        start = end(start) + 1;
      }
      return new String(bytes, start, end(start) - start, StandardCharsets.UTF_8);
    }

    private int end(int start) {
      int end = start;
      while (bytes[end] != 0) {
        end++;
      }
      return end;
    }
  }
}
