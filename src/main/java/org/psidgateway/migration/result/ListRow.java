package org.psidgateway.migration.result;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.psidgateway.migration.list.ListTables;
import org.psidgateway.migration.list.ListVerdict;

/**
 * One row of a list as it is stored, see {@link ListTables}.
 *
 * @param asid 0 if the row is malformed
 * @param cells null if it is the digits of its id
 * @param verdict {@link #NONE} if there is none
 * @param decided when there was a verdict
 */
@SuppressWarnings("ArrayRecordComponent") // read once, compared never
record ListRow(long line, long asid, byte @Nullable [] cells, long verdict, long decided) {
  static final long NONE = Long.MIN_VALUE;

  /** Whether it has lost its id and its columns. */
  boolean isErased() {
    return verdict == ListVerdict.ERASED;
  }

  boolean isJustItsId() {
    return cells == null;
  }

  /** The line of a CSV, or the text. */
  byte[] text() {
    return cells == null ? Long.toString(asid).getBytes(StandardCharsets.US_ASCII) : cells;
  }
}
