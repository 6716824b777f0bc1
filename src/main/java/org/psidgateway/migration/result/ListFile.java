package org.psidgateway.migration.result;

import java.sql.SQLException;
import java.util.Arrays;
import org.psidgateway.transfer.Exports;
import org.psidgateway.transfer.RowSource;

/** The rows of a view as a file: the same bytes as long as the list is there. */
final class ListFile implements RowSource {
  private static final int ROWS_AT_ONCE = 10_000;
  private static final int BYTES_AT_ONCE = 4 << 20;
  private static final int MOST_BYTES = 2 * BYTES_AT_ONCE;
  private static final ListRows.Reach REACH =
      new ListRows.Reach(ROWS_AT_ONCE, BYTES_AT_ONCE, ROWS_AT_ONCE + 1, true);

  private final ListRows rows;
  private final ListView view;
  private final ResultText text;
  private long last;

  ListFile(ListRows rows, ListView view, ResultText text) {
    this.rows = rows;
    this.view = view;
    this.text = text;
  }

  @Override
  public byte[] header() {
    TextBytes out = new TextBytes(1 << 10);
    text.addHeader(out);
    return Arrays.copyOf(out.array(), out.length());
  }

  /** As many rows as fit: each may be filled up to the width of the widest. */
  @Override
  public Rows next(long passed) throws SQLException {
    ListRows.Part part = rows.read(view, last, REACH);
    TextBytes out = new TextBytes(1 << 16);
    int from = 0;
    int count = 0;
    boolean end = part.end();
    for (ListRow row : part.rows()) {
      if (out.length() > MOST_BYTES) {
        end = false;
        break;
      }
      from = count == passed ? out.length() : from;
      add(out, row);
      count++;
    }
    last = count < part.rows().size() ? part.rows().get(count - 1).line() : part.last();
    return new Rows(out.array(), passed >= count ? out.length() : from, out.length(), count, end);
  }

  /** What was erased since can't be told as it was. */
  private void add(TextBytes out, ListRow row) {
    if (row.isErased() && row.decided() > view.asOf()) {
      throw new Exports.SnapshotGone();
    }
    text.addRow(out, row, Outcome.of(row, view));
  }

  @Override
  public boolean stands() throws SQLException {
    return rows.stands(view);
  }

  @Override
  public byte[] closing(long count, byte[] sha256) {
    return text.closing(count, sha256);
  }
}
