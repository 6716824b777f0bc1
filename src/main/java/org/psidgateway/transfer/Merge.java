package org.psidgateway.transfer;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.PageId;

/**
 * Merges staged pairs into the mappings, in the order of the file, as if line after line were
 * merged: one short transaction for some thousand lines, fewer where PostgreSQL is slow. Files for
 * one Page take turns. A mapping takes the place of a negative, and all pods hear of it, once more
 * a minute later too.
 */
final class Merge {
  static final int MOST_AT_ONCE = 25_000;
  private static final int LEAST_AT_ONCE = 100;

  /** SQL states of a statement or a lock that took too long. */
  private static final Set<String> TOO_SLOW = Set.of("57014", "55P03");

  /** How many lines, over all transactions so far. */
  static final class Counts {
    long imported;
    long merged;
    long conflicts;
    long lastLine;
    final List<ImportReport.LineProblem> problems = new ArrayList<>();
  }

  private final Transactions transactions;
  private final Staging staging;
  private final boolean replace;
  private final Runnable announce;

  /**
   * @param announce run after each transaction: other pods have something to hear
   */
  Merge(Transactions transactions, Staging staging, boolean replace, Runnable announce) {
    this.transactions = transactions;
    this.staging = staging;
    this.replace = replace;
    this.announce = announce;
  }

  /**
   * @param staged how many lines there are: fewer if PostgreSQL restarted meanwhile, which empties
   *     tables that are in no log, and then this fails
   * @throws NoSuchPage if the Page was removed meanwhile
   */
  Counts run(long staged) throws SQLException {
    Counts counts = new Counts();
    int most = MOST_AT_ONCE;
    while (counts.merged < staged) {
      try {
        int lines = most;
        add(counts, transactions.run(connection -> some(connection, counts.lastLine, lines)));
        most = Math.min(MOST_AT_ONCE, 2 * most);
        announce.run();
      } catch (SQLException e) {
        most /= 2;
        if (most < LEAST_AT_ONCE || !TOO_SLOW.contains(String.valueOf(e.getSQLState()))) {
          throw e;
        }
      }
    }
    return counts;
  }

  private Counts some(Connection connection, long after, int most) throws SQLException {
    long page = staging.page().value();
    boolean[] registered = {false};
    Counts counts = new Counts();
    staging
        .keep(RoundTrip.opening())
        .query(MergeSql.SETTINGS, rows -> {})
        .query(MergeSql.PAGE, row -> registered[0] = row.next(), page)
        .query(MergeSql.ALONE, rows -> {}, page)
        .update(MergeSql.BRINGS_PAIRS, page)
        .query(
            on(replace ? MergeSql.REPLACE : MergeSql.KEEP),
            row -> merged(row, counts),
            values(after, most))
        .run(connection);
    if (!registered[0]) {
      throw new NoSuchPage(staging.page());
    }
    if (counts.merged == 0) {
      throw new SQLException("staged rows were lost in a restart", Staging.LOST);
    }
    RoundTrip trip =
        RoundTrip.further()
            .update(on(MergeSql.OUTDATED), after, counts.lastLine, page, page, page, page, page);
    if (!replace && counts.imported < counts.merged) {
      trip.query(
          on(MergeSql.CONFLICTS), rows -> conflicts(rows, counts), after, counts.lastLine, page);
    }
    trip.commit().run(connection);
    return counts;
  }

  private String on(String statement) {
    return statement.formatted(staging.name());
  }

  private Object[] values(long after, int most) {
    Object[] values = new Object[replace ? 7 : 3];
    Arrays.fill(values, staging.page().value());
    values[0] = after;
    values[1] = most;
    return values;
  }

  private static void merged(ResultSet row, Counts counts) throws SQLException {
    row.next();
    counts.imported = row.getLong(1);
    counts.merged = row.getLong(2);
    counts.lastLine = row.getLong(3);
  }

  private static void conflicts(ResultSet rows, Counts counts) throws SQLException {
    while (rows.next()) {
      counts.conflicts = rows.getLong(2);
      counts.problems.add(ImportReport.LineProblem.conflict(rows.getLong(1)));
    }
  }

  private static void add(Counts sum, Counts more) {
    sum.imported += more.imported;
    sum.merged += more.merged;
    sum.conflicts += more.conflicts;
    sum.lastLine = more.lastLine;
    int room = ImportReport.MOST_PROBLEMS - sum.problems.size();
    sum.problems.addAll(more.problems.subList(0, Math.min(room, more.problems.size())));
  }

  /** The Page is not registered any more. */
  static final class NoSuchPage extends SQLException {
    private static final long serialVersionUID = 1L;

    NoSuchPage(PageId page) {
      super("Page " + page + " is not registered", "02000");
    }
  }
}
