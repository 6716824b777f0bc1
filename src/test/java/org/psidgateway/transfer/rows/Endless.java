package org.psidgateway.transfer.rows;

import java.io.InputStream;

/** A file that begins somehow and then repeats itself for ever; it knows how much was read. */
final class Endless extends InputStream {
  private final byte[] start;
  private final byte[] repeated;
  private long given;

  Endless(String start, String repeated) {
    this.start = Reading.bytes(start);
    this.repeated = Reading.bytes(repeated);
  }

  long given() {
    return given;
  }

  @Override
  public int read() {
    long at = given++;
    return at < start.length
        ? start[(int) at] & 0xff
        : repeated[(int) ((at - start.length) % repeated.length)] & 0xff;
  }
}
