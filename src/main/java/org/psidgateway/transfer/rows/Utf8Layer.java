package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.InputStream;
import org.psidgateway.transfer.rows.UnreadableFile.Kind;

/** Lets nothing through but well-formed UTF-8, without the byte order mark at its beginning. */
final class Utf8Layer extends Layer {
  private final InputStream in;
  private final byte[] first = new byte[4];
  private int given;
  private int ready;
  private boolean begun;
  private long line = 1;
  private boolean afterCr;

  /** Bytes that the character under way still needs, and what the next of them may be. */
  private int missing;

  private int lowest;
  private int highest;

  Utf8Layer(InputStream in) {
    this.in = in;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (!begun) {
      begin();
    }
    int read;
    if (given < ready) {
      read = Math.min(length, ready - given);
      System.arraycopy(first, given, bytes, offset, read);
      given += read;
    } else {
      read = in.read(bytes, offset, length);
    }
    check(bytes, offset, offset + read);
    if (read < 0 && missing > 0) {
      throw malformed();
    }
    return read;
  }

  private void begin() throws IOException {
    begun = true;
    ready = in.readNBytes(first, 0, first.length);
    refuseOtherFiles();
    if (isUtf16()) {
      throw new UnreadableFile(Kind.ENCODING, 1, "the file is UTF-16; save it as UTF-8");
    }
    // A second one is left by tools that put files together; parsers see none of them.
    while (isMark()) {
      first[0] = first[3];
      ready = ready - 3 + in.readNBytes(first, ready - 3, first.length - (ready - 3));
    }
  }

  /** By the bytes that they begin with (RFC 1952; APPNOTE.TXT of PKWARE). */
  private void refuseOtherFiles() throws UnreadableFile {
    if (first[0] == 0x1f && first[1] == (byte) 0x8b) {
      throw new UnreadableFile(
          Kind.ENCODING, 1, "the file is gzipped; say so by Content-Encoding: gzip");
    }
    if (first[0] == 'P' && first[1] == 'K' && first[2] == 3 && first[3] == 4) {
      throw new UnreadableFile(
          Kind.ENCODING, 1, "the file is a spreadsheet or an archive (xlsx, zip); save it as CSV");
    }
  }

  /** By its mark, or by the half of an ASCII character that is always 0. */
  private boolean isUtf16() {
    int mark = ready < 2 ? 0 : (first[0] & 0xff) << 8 | first[1] & 0xff;
    boolean zero = false;
    for (int i = 0; i < ready; i++) {
      zero |= first[i] == 0;
    }
    return zero || mark == 0xfeff || mark == 0xfffe;
  }

  private boolean isMark() {
    return ready >= 3
        && first[0] == (byte) 0xef
        && first[1] == (byte) 0xbb
        && first[2] == (byte) 0xbf;
  }

  private void check(byte[] bytes, int from, int to) throws UnreadableFile {
    for (int i = from; i < to; i++) {
      int b = bytes[i] & 0xff;
      if (missing > 0) {
        if (b < lowest || b > highest) {
          throw malformed();
        }
        expect(missing - 1, 0x80, 0xbf);
      } else if (b >= 0x80) {
        lead(b);
      } else if (b <= '\r') {
        count(b);
      } else {
        afterCr = false;
      }
    }
  }

  /** Neither longer forms than needed, nor halves of surrogates, nor beyond the last character. */
  private void lead(int b) throws UnreadableFile {
    afterCr = false;
    if (b < 0xc2 || b > 0xf4) {
      throw malformed();
    } else if (b < 0xe0) {
      expect(1, 0x80, 0xbf);
    } else if (b < 0xf0) {
      expect(2, b == 0xe0 ? 0xa0 : 0x80, b == 0xed ? 0x9f : 0xbf);
    } else {
      expect(3, b == 0xf0 ? 0x90 : 0x80, b == 0xf4 ? 0x8f : 0xbf);
    }
  }

  private void expect(int bytes, int from, int to) {
    missing = bytes;
    lowest = from;
    highest = to;
  }

  private void count(int b) {
    if (b == '\r' || b == '\n' && !afterCr) {
      line++;
    }
    afterCr = b == '\r';
  }

  private UnreadableFile malformed() {
    return new UnreadableFile(
        Kind.ENCODING,
        line,
        "line "
            + line
            + " is not UTF-8 (Latin-1 or Windows-1252 by the looks of it); save the file as UTF-8");
  }
}
