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
import org.psidgateway.store.PageView;
import org.psidgateway.store.PageView.Piece;

/**
 * One file on its way out, piece by piece: the same bytes whenever it is asked for, and from
 * whichever row on. Between two pieces it holds nothing but its place. One thread at a time.
 */
final class ExportStream {
  private static final int ROWS_AT_ONCE = 10_000;

  /** Fast: what is saved by more work is not worth a core. */
  private static final int COMPRESSION = Deflater.BEST_SPEED;

  private static final byte[] NOTHING = {};

  private final PageView view;
  private final PageView.Query query;
  private final long asOf;
  private final RowFormat format;
  private final TransferMeters meters;
  private final MessageDigest digest = Sha256.digest();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final OutputStream coded;
  private long skip;
  private long count;
  private long last;
  private boolean begun;
  private boolean read;
  private boolean ended;

  /**
   * @param after how many rows the receiver has already
   */
  ExportStream(
      PageView view,
      PageView.Query query,
      long asOf,
      RowFormat format,
      boolean gzip,
      long after,
      TransferMeters meters) {
    this.view = view;
    this.query = query;
    this.asOf = asOf;
    this.format = format;
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
      write(format.header(), skip == 0);
    }
    if (!read) {
      piece(view.piece(query, last, asOf, ROWS_AT_ONCE, false));
    } else {
      end();
    }
    return taken();
  }

  private void piece(Piece piece) throws IOException {
    RowFormat.Bytes bytes = format.rows(piece, (int) Math.min(skip, piece.size()));
    digest.update(bytes.all(), 0, bytes.length());
    coded.write(bytes.all(), bytes.from(), bytes.length() - bytes.from());
    meters.exported(piece.size() - (int) Math.min(skip, piece.size()));
    skip = Math.max(0, skip - piece.size());
    count += piece.size();
    last = piece.last();
    read = piece.end();
  }

  private void write(byte[] bytes, boolean wanted) throws IOException {
    digest.update(bytes);
    coded.write(wanted ? bytes : NOTHING);
  }

  /** What has changed meanwhile may have been read, or not. */
  private void end() throws SQLException, IOException {
    if (!view.stands(query, asOf)) {
      throw new Exports.SnapshotGone();
    }
    coded.write(format.closing(count, digest.digest()));
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
