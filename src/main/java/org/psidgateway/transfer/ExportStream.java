package org.psidgateway.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Sha256;

/**
 * One file on its way out, piece by piece: the same bytes whenever it is asked for, and from
 * whichever row on. Between two pieces it holds nothing but its place. One thread at a time.
 */
final class ExportStream {
  /** Fast: what is saved by more work is not worth a core. */
  private static final int COMPRESSION = Deflater.BEST_SPEED;

  private static final byte[] NOTHING = {};

  private final RowSource rows;
  private final TransferMeters meters;
  private final MessageDigest digest = Sha256.digest();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final OutputStream coded;
  private long skip;
  private long count;
  private boolean begun;
  private boolean read;
  private boolean ended;

  /**
   * @param after how many rows the receiver has already
   */
  ExportStream(RowSource rows, boolean gzip, long after, TransferMeters meters) {
    this.rows = rows;
    this.skip = after;
    this.meters = meters;
    this.coded = gzip ? gzip(out) : out;
  }

  private static OutputStream gzip(OutputStream out) {
    try {
      return new Gzip(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is nothing to fail in memory
    }
  }

  /** Frees what it holds outside of the heap, also if the file did not come to its end. */
  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out) throws IOException {
      super(out, 1 << 13, true);
      def.setLevel(COMPRESSION);
    }

    void free() {
      def.end();
    }
  }

  /** To be called at the end, however it comes. */
  void close() {
    if (coded instanceof Gzip gzip) {
      gzip.free();
    }
  }

  /**
   * The next bytes, which may be none while rows are passed over; null at the end. Blocks.
   *
   * @throws Exports.SnapshotGone if the file can't be told to its end any more
   */
  byte @Nullable [] next() throws SQLException, IOException {
    if (ended) {
      return null;
    }
    if (!begun) { // with the first rows: if they can't be read, nothing was sent
      begun = true;
      write(rows.header(), skip == 0);
    }
    if (!read) {
      some(rows.next(skip));
    } else {
      end();
    }
    return taken();
  }

  private void some(RowSource.Rows some) throws IOException {
    int passed = (int) Math.min(skip, some.count());
    digest.update(some.bytes(), 0, some.length());
    coded.write(some.bytes(), some.from(), some.length() - some.from());
    meters.exported(some.count() - passed);
    skip -= passed;
    count += some.count();
    read = some.end();
  }

  private void write(byte[] bytes, boolean wanted) throws IOException {
    digest.update(bytes);
    coded.write(wanted ? bytes : NOTHING);
  }

  private void end() throws SQLException, IOException {
    if (!rows.stands()) {
      throw new Exports.SnapshotGone();
    }
    coded.write(rows.closing(count, digest.digest()));
    coded.close();
    ended = true;
  }

  private byte[] taken() throws IOException {
    coded.flush();
    byte[] bytes = out.toByteArray();
    out.reset();
    return bytes;
  }
}
