package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * The characters of a CSV, with a record of its own at the end, {@link #END}. Where the parser
 * doesn't find it, a quote was never closed: by itself, FastCSV takes such a quote for closed.
 */
final class CsvText extends Reader {
  /** Half a surrogate: no file can contain it. */
  static final String END = "\udc00";

  private static final int HEAD = 8192;
  private static final String TAIL = "\n" + END + "\n";

  private final Reader in;
  private final char[] head = new char[HEAD];
  private final int headLength;
  private int headNext;
  private int tailNext;

  CsvText(InputStream in) throws IOException {
    this.in = new InputStreamReader(in, StandardCharsets.UTF_8);
    this.headLength = readHead();
  }

  private int readHead() throws IOException {
    int length = 0;
    int read = 0;
    while (read >= 0 && length < HEAD) {
      read = in.read(head, length, HEAD - length);
      length += Math.max(0, read);
    }
    return length;
  }

  /** How the file begins, whether or not it has been read. */
  String head() {
    return new String(head, 0, headLength);
  }

  /** Skips so many of the characters of {@link #head}. */
  void skipHead(int count) {
    headNext += count;
  }

  @Override
  public int read(char[] chars, int offset, int length) throws IOException {
    if (headNext < headLength) {
      int read = Math.min(length, headLength - headNext);
      System.arraycopy(head, headNext, chars, offset, read);
      headNext += read;
      return read;
    }
    int read = in.read(chars, offset, length);
    if (read >= 0) {
      return read;
    }
    int last = Math.min(length, TAIL.length() - tailNext);
    TAIL.getChars(tailNext, tailNext + last, chars, offset);
    tailNext += last;
    return last == 0 ? -1 : last;
  }

  @Override
  public void close() {
    // What is below belongs to others.
  }
}
