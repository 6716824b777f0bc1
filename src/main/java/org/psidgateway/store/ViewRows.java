package org.psidgateway.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/** What one look at a table has found, wanted or not, by ascending ASID. Not thread-safe. */
final class ViewRows {
  private static final int TIMED = 4;
  private static final int UNTIMED = 2;

  private final int most;
  private final long[][] columns;
  private final boolean[] wanted;
  private int size;

  /**
   * @param most how many rows are looked at; 0 if the table isn't
   * @param timed whether each comes with its two times
   */
  ViewRows(int most, boolean timed) {
    this.most = most;
    this.columns = new long[timed ? TIMED : UNTIMED][most];
    this.wanted = new boolean[most];
  }

  boolean timed() {
    return columns.length == TIMED;
  }

  /** ASID, verdict, whether it is wanted, and perhaps two times. */
  void read(ResultSet rows) throws SQLException {
    for (; rows.next(); size++) {
      columns[0][size] = rows.getLong(1);
      columns[1][size] = rows.getLong(2);
      wanted[size] = rows.getBoolean(3);
      for (int column = UNTIMED; column < columns.length; column++) {
        columns[column][size] = rows.getLong(column + 2);
      }
    }
  }

  /** Up to here all of the table is known. */
  private long last() {
    return most > 0 && size == most ? columns[0][size - 1] : Long.MAX_VALUE;
  }

  PageView.Piece mergedWith(ViewRows other) {
    long last = Math.min(last(), other.last());
    long[][] merged = new long[columns.length][size + other.size];
    int count = 0;
    for (int mine = 0, others = 0; mine < size || others < other.size; ) {
      boolean first =
          others == other.size || mine < size && columns[0][mine] <= other.columns[0][others];
      ViewRows from = first ? this : other;
      int row = first ? mine++ : others++;
      if (from.wanted[row] && from.columns[0][row] <= last) {
        for (int column = 0; column < columns.length; column++) {
          merged[column][count] = from.columns[column][row];
        }
        count++;
      }
    }
    long[] none = {};
    return new PageView.Piece(
        count,
        merged[0],
        merged[1],
        timed() ? merged[2] : none,
        timed() ? merged[3] : none,
        last,
        last == Long.MAX_VALUE);
  }
}
