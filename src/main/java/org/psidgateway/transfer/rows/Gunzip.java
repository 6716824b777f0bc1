package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.psidgateway.transfer.rows.UnreadableFile.Kind;

/**
 * Unpacks gzip (RFC 1952), all members. Unlike {@link java.util.zip.GZIPInputStream}, it doesn't
 * take bytes that are late, a network that failed, or garbage for the end of the file.
 */
final class Gunzip extends Layer {
  private static final int SIZE = 16 * 1024;
  private static final int LONGEST_HEADER = 64 * 1024;
  private static final int MOST_TIMES = 200;
  private static final int NEVER_A_BOMB = 1 << 20;

  private static final int CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] packed = new byte[SIZE];
  private int next;
  private int end;
  private final byte[] unpacked = new byte[SIZE];
  private int given;
  private int ready;
  private long bytesIn;
  private long bytesOut;
  private boolean inMember;

  Gunzip(InputStream in) {
    this.in = in;
  }

  /** Frees the memory of the inflater; closes nothing else. */
  @Override
  public void close() {
    inflater.end();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (given == ready && !unpack()) {
      return -1;
    }
    int read = Math.min(length, ready - given);
    System.arraycopy(unpacked, given, bytes, offset, read);
    given += read;
    return read;
  }

  /** Always as many bytes at once, so that the ratio is judged at the same places. */
  private boolean unpack() throws IOException {
    given = 0;
    ready = 0;
    while (ready < SIZE) {
      if (!inMember) {
        if (bytesIn > 0 && next == end && !fill()) {
          break;
        }
        header();
      }
      inflate();
    }
    return ready > 0;
  }

  private void inflate() throws IOException {
    try {
      inflater.setInput(packed, next, end - next);
      int count = inflater.inflate(unpacked, ready, SIZE - ready);
      crc.update(unpacked, ready, count);
      ready += count;
      bytesOut += count;
    } catch (DataFormatException e) {
      throw corrupt();
    }
    consume(end - next - inflater.getRemaining());
    if (inflater.finished()) {
      trailer();
    } else if (inflater.needsDictionary()) {
      throw corrupt();
    } else if (next == end && ready < SIZE && !fill()) {
      throw brokenOff();
    }
    if (bytesOut > NEVER_A_BOMB && bytesOut / MOST_TIMES > bytesIn) {
      throw new UnreadableFile(
          Kind.BOMB, 0, "gzip: the file unpacks to more than " + MOST_TIMES + " times its size");
    }
  }

  private void header() throws IOException {
    long start = bytesIn;
    if (uint8() != 0x1f || uint8() != 0x8b || uint8() != 8) {
      throw new UnreadableFile(
          Kind.SYNTAX, 0, "gzip: the file is not gzip, or something else follows it");
    }
    int flags = uint8();
    if ((flags & RESERVED) != 0) {
      throw corrupt();
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(uint8() | uint8() << 8);
    }
    for (int text : new int[] {NAME, COMMENT}) {
      while ((flags & text) != 0 && uint8() != 0) {
        if (bytesIn - start > LONGEST_HEADER) {
          throw corrupt();
        }
      }
    }
    skip((flags & CHECKSUM) != 0 ? 2 : 0);
    inflater.reset();
    crc.reset();
    inMember = true;
  }

  private void trailer() throws IOException {
    if (uint32() != crc.getValue() || uint32() != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw corrupt();
    }
    inMember = false;
    if (bytesIn / 4 > bytesOut + NEVER_A_BOMB) {
      throw new UnreadableFile(Kind.SYNTAX, 0, "gzip: there is next to nothing in so many bytes");
    }
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      uint8();
    }
  }

  private long uint32() throws IOException {
    return uint8() | uint8() << 8 | uint8() << 16 | (long) uint8() << 24;
  }

  private int uint8() throws IOException {
    if (next == end && !fill()) {
      throw brokenOff();
    }
    int value = packed[next] & 0xff;
    consume(1);
    return value;
  }

  private void consume(int count) {
    next += count;
    bytesIn += count;
  }

  private boolean fill() throws IOException {
    next = 0;
    end = Math.max(0, in.read(packed, 0, SIZE));
    return end > 0;
  }

  private static UnreadableFile corrupt() {
    return new UnreadableFile(Kind.SYNTAX, 0, "gzip: the file is corrupt");
  }

  private static UnreadableFile brokenOff() {
    return new UnreadableFile(Kind.SYNTAX, 0, "gzip: the file breaks off");
  }
}
