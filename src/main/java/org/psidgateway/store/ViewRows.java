package org.psidgateway.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** By ascending ASID; no ASID is wanted of two of them. */
  static PageView.Piece merged(List<ViewRows> all) {
    long last = Long.MAX_VALUE;
    int most = 0;
    for (ViewRows rows : all) {
      last = Math.min(last, rows.last());
      most += rows.size;
    }
    ViewRows merged = new ViewRows(most, all.get(0).timed());
    int[] next = new int[all.size()];
    for (ViewRows from = first(all, next); from != null; from = first(all, next)) {
      merged.take(from, next[all.indexOf(from)]++, last);
    }
    return merged.piece(last);
  }

  private static @Nullable ViewRows first(List<ViewRows> all, int[] next) {
    ViewRows first = null;
    long lowest = 0;
    for (int i = 0; i < next.length; i++) {
      ViewRows rows = all.get(i);
      if (next[i] < rows.size && (first == null || rows.columns[0][next[i]] < lowest)) {
        first = rows;
        lowest = rows.columns[0][next[i]];
      }
    }
    return first;
  }

  private void take(ViewRows from, int row, long last) {
    if (from.wanted[row] && from.columns[0][row] <= last) {
      for (int column = 0; column < columns.length; column++) {
        columns[column][size] = from.columns[column][row];
      }
      size++;
    }
  }

  private PageView.Piece piece(long last) {
    long[] none = {};
    return new PageView.Piece(
        size,
        columns[0],
        columns[1],
        timed() ? columns[2] : none,
        timed() ? columns[3] : none,
        last,
        last == Long.MAX_VALUE);
  }
}
