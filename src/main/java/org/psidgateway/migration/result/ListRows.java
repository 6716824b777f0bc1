package org.psidgateway.migration.result;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.migration.list.ListTables;
import org.psidgateway.transfer.Exports;

/** Reads the rows of a view, by line: some at a time, in one short transaction. */
final class ListRows {
  private static final String LAST =
      """
      with looked as materialized (select max(line) as line from (%s) part)
      select coalesce(line, 0), not exists (select from %s where line > looked.line) from looked
      """;

  private static final String ROWS =
      """
      select part.line, part.asid, %s, id.verdict, id.decided
        from (%s) part left join %s id on id.asid = part.asid
       where %s
       order by part.line limit ?
      """;

  /** SQL state of a table that is not there. */
  private static final String NO_TABLE = "42P01";

  private final Transactions transactions;

  ListRows(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * How far one look goes.
   *
   * @param rows looked at, wanted or not
   * @param bytes of these rows
   * @param shown most rows that are wanted
   * @param file whether what is in them is asked for, and rows that were erased since then too
   */
  record Reach(int rows, long bytes, int shown, boolean file) {}

  /**
   * Rows that are wanted.
   *
   * @param last the next part begins behind this line
   * @param end whether there is no next part
   */
  record Part(List<ListRow> rows, long last, boolean end) {}

  /**
   * Those behind the line {@code after}.
   *
   * @throws Exports.SnapshotGone if the list is gone
   */
  Part read(ListView view, long after, Reach reach) throws SQLException {
    String part = ListTables.part(view.no());
    String last = LAST.formatted(part, ListTables.rows(view.no()));
    String query =
        ROWS.formatted(
            reach.file() ? "part.cells" : "null::bytea",
            part,
            ListTables.ids(view.no()),
            reach.file() ? Fitting.orErasedSince(view) : Fitting.condition(view));
    List<ListRow> rows = new ArrayList<>();
    long[] looked = {0, 0};
    try {
      return transactions.run(
          connection -> {
            rows.clear();
            ListTables.byIndex(RoundTrip.opening())
                .query(last, row -> bounds(row, looked), after, reach.rows(), reach.bytes())
                .query(
                    query,
                    all -> rows(all, rows),
                    after,
                    reach.rows(),
                    reach.bytes(),
                    reach.shown())
                .run(connection);
            return part(rows, Math.max(after, looked[0]), looked[1] != 0, reach);
          });
    } catch (SQLException e) {
      if (NO_TABLE.equals(e.getSQLState())) {
        throw new Exports.SnapshotGone();
      }
      throw e;
    }
  }

  /** Whether the list is there. */
  boolean stands(ListView view) throws SQLException {
    boolean[] stands = {false};
    return transactions.plain(
        connection -> {
          RoundTrip.plain()
              .query(
                  "select to_regclass('" + ListTables.rows(view.no()) + "') is not null",
                  row -> stands[0] = row.next() && row.getBoolean(1))
              .run(connection);
          return stands[0];
        });
  }

  private static void bounds(ResultSet row, long[] looked) throws SQLException {
    row.next();
    looked[0] = row.getLong(1);
    looked[1] = row.getLong(1) == 0 || row.getBoolean(2) ? 1 : 0;
  }

  /** One that is full may have left out some that were looked at. */
  private static Part part(List<ListRow> rows, long last, boolean end, Reach reach) {
    return rows.size() < reach.shown()
        ? new Part(rows, last, end)
        : new Part(rows, rows.get(rows.size() - 1).line(), false);
  }

  private static void rows(ResultSet all, List<ListRow> rows) throws SQLException {
    while (all.next()) {
      long verdict = all.getLong(4);
      boolean none = all.wasNull();
      rows.add(
          new ListRow(
              all.getLong(1),
              all.getLong(2),
              all.getBytes(3),
              none ? ListRow.NONE : verdict,
              all.getLong(5)));
    }
  }
}
