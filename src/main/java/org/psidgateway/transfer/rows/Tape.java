package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import org.psidgateway.transfer.rows.UnreadableFile.Kind;

/** Remembers the characters of the item that a parser is reading, who reads ahead. */
final class Tape extends Reader {
  /** Enough for a token that was begun before anyone knew that it is an item; strings are told. */
  private static final int MARGIN = 4096;

  private static final long NONE = Long.MAX_VALUE;

  private final Reader in;
  private char[] kept = new char[4 * MARGIN];
  private int length;
  private long first;
  private long itemStart = NONE;
  private long item;

  Tape(Reader in) {
    this.in = in;
  }

  /** An item begins at that character, counted from 0 on. */
  void begin(long item, long start) {
    this.item = item;
    this.itemStart = start;
  }

  /** The item, which ends before that character. */
  String end(long end) {
    String text = new String(kept, (int) (itemStart - first), (int) (end - itemStart));
    itemStart = NONE;
    return text;
  }

  @Override
  public int read(char[] chars, int offset, int count) throws IOException {
    long end = first + length;
    if (itemStart != NONE && end - itemStart > Items.LONGEST) {
      throw new UnreadableFile(Kind.SYNTAX, item, "item " + item + " is longer than 1 MiB");
    }
    int read = in.read(chars, offset, count);
    if (read > 0) {
      drop((int) (Math.max(first, Math.min(itemStart, end - MARGIN)) - first));
      if (kept.length - length < read) {
        kept = Arrays.copyOf(kept, 2 * (length + read));
      }
      System.arraycopy(chars, offset, kept, length, read);
      length += read;
    }
    return read;
  }

  private void drop(int count) {
    System.arraycopy(kept, count, kept, 0, length - count);
    length -= count;
    first += count;
  }

  @Override
  public void close() {
    // What is below belongs to others.
  }
}
