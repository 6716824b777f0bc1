package org.psidgateway.migration.work;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.migration.list.ListTables;
import org.psidgateway.model.PageFindings;
import org.psidgateway.store.MappingStore;

/** Reads the ids of a list that are not decided, piece by piece, in the order of its rows. */
final class Feed {
  // Line by line along both keys: what is decided already is passed over.
  private static final String UNDECIDED =
      """
      select s.line, s.asid
        from (select line, asid from %1$s where line > ? order by line limit ?) s
        join %2$s i on i.asid = s.asid
       where i.line = s.line and (i.verdict is null or i.verdict = 0)
       order by s.line
      """;

  private static final String PASSED =
      "select coalesce(max(line), 0), count(*) from (select line from %s where line > ? order by line limit ?) s";

  private final Transactions transactions;
  private final MappingStore store;

  Feed(Transactions transactions, MappingStore store) {
    this.transactions = transactions;
    this.store = store;
  }

  /**
   * Some of a list.
   *
   * @param lines where each of the ids is first, ascending
   * @param known what others have found out about some of them meanwhile
   * @param last line that was looked at
   * @param end whether there are no more lines
   */
  record Piece(long[] lines, long[] asids, Map<Long, Long> known, long last, boolean end) {}

  /** What comes after a line. Blocks. */
  Piece next(Job job, long after, int most) throws SQLException {
    return transactions.plain(connection -> read(connection, job, after, most));
  }

  private Piece read(Connection connection, Job job, long after, int most) throws SQLException {
    List<long[]> found = new ArrayList<>(most);
    long[] passed = new long[2];
    String rows = ListTables.rows(job.listNo());
    ListTables.byIndex(RoundTrip.plain())
        .query(
            UNDECIDED.formatted(rows, ListTables.ids(job.listNo())),
            row -> {
              while (row.next()) {
                found.add(new long[] {row.getLong(1), row.getLong(2)});
              }
            },
            after,
            most)
        .query(
            PASSED.formatted(rows),
            row -> {
              row.next();
              passed[0] = row.getLong(1);
              passed[1] = row.getLong(2);
            },
            after,
            most)
        .run(connection);
    long[] asids = found.stream().mapToLong(pair -> pair[1]).toArray();
    return new Piece(
        found.stream().mapToLong(pair -> pair[0]).toArray(),
        asids,
        known(connection, job, asids),
        passed[0],
        passed[1] < most);
  }

  private Map<Long, Long> known(Connection connection, Job job, long[] asids) throws SQLException {
    Map<Long, Long> known = new HashMap<>();
    if (asids.length > 0) {
      RoundTrip trip = RoundTrip.plain();
      store.lookUp(trip, Map.of(job.page(), asids), findings -> add(known, findings));
      trip.run(connection);
    }
    return known;
  }

  static void add(Map<Long, Long> known, PageFindings told) {
    for (int i = 0; i < told.findings().size(); i++) {
      known.put(told.findings().asids()[i], told.findings().verdicts()[i]);
    }
  }
}
