package org.psidgateway.transfer;

import java.io.IOException;
import java.sql.SQLException;

/**
 * What a file is made of, from its first row to its last: the same bytes whenever it is made.
 * Blocks; holds nothing open between two calls. One thread at a time.
 */
public interface RowSource {
  /** What stands before the first row. */
  byte[] header();

  /**
   * Some rows that follow those of the call before; never called again after the end.
   *
   * @param passed how many of the rows to come the receiver has
   * @throws Exports.SnapshotGone if they can't be told any more
   */
  Rows next(long passed) throws SQLException, IOException;

  /** Whether nothing has changed that the file has told, or should have. Asked at the end. */
  boolean stands() throws SQLException;

  /** The last row, of what {@code sha256} says of all bytes before it. */
  byte[] closing(long count, byte[] sha256);

  /**
   * Bytes of some rows, the first {@code length} of {@code bytes}.
   *
   * @param from where those begin that the receiver lacks
   * @param count how many rows there are
   * @param end whether none follow
   */
  record Rows(byte[] bytes, int from, int length, int count, boolean end) {}
}
