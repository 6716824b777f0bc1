package org.psidgateway.books;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.limits.Limits;
import org.psidgateway.time.Micros;

/**
 * Takes over the upstream's own count of what was spent. Calls settled after the moment of the
 * figure come on top of it, calls under way stay held, and uncertain calls that had expired before
 * it are in it, whatever became of them: their units are cleared, and a late answer moves none.
 */
final class Reconcile {
  // Calls before the budget row, as everywhere.
  private static final String CLEAR =
      """
      with doubtful as (
        select call_id from call where state = 'uncertain' and expires_at <= at_micros(?)
         order by call_id for update),
      cleared as (
        update call c set state = 'reconciled' from doubtful d where c.call_id = d.call_id
        returning case when c.spends then c.asked else 0 end as units)
      select coalesce(sum(units), 0) from cleared
      """;

  private static final String TAKE_OVER =
      """
      with before as (select committed as was, grants + 1 as entry_no from budget),
      moved as (
        update budget set grants = grants + 1, uncertain = uncertain - ?,
               committed = ? + (select coalesce(sum(returned), 0) from call
                                 where state = 'settled' and spends and settled_at > at_micros(?))
        returning committed)
      insert into reconciliation (entry_no, committed, was, cleared, as_of, note, noted_by, noted_at)
      select entry_no, ?, was, ?, at_micros(?), ?, ?, at_micros(?) from before, moved
      returning entry_no, was
      """;

  private Reconcile() {}

  /**
   * @param asOf the moment of the figure; null for now
   */
  static LedgerEntry.Reconciliation in(
      Connection connection, long committed, @Nullable Instant asOf, String note, String by)
      throws SQLException {
    RoundTrip.opening().run(connection);
    long now = now(connection);
    long moment = asOf == null ? now : Math.min(now, Micros.of(asOf));
    long cleared = clear(connection, moment);
    RoundTrip locked = RoundTrip.further();
    Limits.lockBudget(locked);
    locked.run(connection);
    try (PreparedStatement statement = connection.prepareStatement(TAKE_OVER)) {
      statement.setLong(1, cleared);
      statement.setLong(2, committed);
      statement.setLong(3, moment);
      statement.setLong(4, committed);
      statement.setLong(5, cleared);
      statement.setLong(6, moment);
      statement.setString(7, note);
      statement.setString(8, by);
      statement.setLong(9, now);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new LedgerEntry.Reconciliation(
            row.getLong(1),
            committed,
            row.getLong(2),
            cleared,
            Micros.instant(moment),
            note,
            by,
            Micros.instant(now));
      }
    }
  }

  private static long clear(Connection connection, long moment) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CLEAR)) {
      statement.setLong(1, moment);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static long now(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("select micros(ledger_now())");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
