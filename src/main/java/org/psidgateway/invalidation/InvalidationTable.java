package org.psidgateway.invalidation;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Server;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.PageId;

/** The table {@code invalidation}. Every method blocks for one round trip. */
@Singleton
class InvalidationTable {
  /** How long a row can be read; a pod that was away for longer starts over. */
  static final Duration KEPT = Duration.ofDays(1);

  private static final String WRITE_MAPPINGS =
      """
      insert into invalidation (what, page_id, asid)
      select 'mapping', ?, asid from unnest(?::bigint[]) as t(asid)
      """;

  private static final String WRITE_PERSON =
      "insert into invalidation (what, asid) values ('person', ?)";

  private static final String HERE =
      """
      select pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
             extract(epoch from ledger_now())::bigint
      """;

  // A person stands for a mapping on every Page.
  private static final String READ =
      """
      select i.seq, i.xid::text::bigint, i.what, coalesce(i.page_id, p.page_id, 0), coalesce(i.asid, 0)
        from (select * from invalidation
               where xid >= ?::text::xid8 and seq > ? order by seq limit ?) i
        left join page p on i.what = 'person'
       order by i.seq
      """;

  private static final String DELETE =
      """
      delete from invalidation where seq in (
        select seq from invalidation where at < ledger_now() - make_interval(secs => ?)
         order by at limit ? for update skip locked)
      """;

  // A request that had read the answer before it changed is over by now.
  private static final String REPEAT =
      """
      with due as (
        delete from later_invalidation where ctid = any (array(
          select ctid from later_invalidation where due_at <= ledger_now()
           order by due_at limit ? for update skip locked))
        returning page_id, asid)
      insert into invalidation (what, page_id, asid) select 'mapping', page_id, asid from due
      """;

  private static final String DELETE_HISTORY =
      """
      delete from %1$s where ctid = any (array(
        select ctid from %1$s where at < ledger_now() - make_interval(secs => ?)
         order by at limit ? for update skip locked))
      """;

  private final Transactions transactions;
  private final Server.Reader servers = Server.reader();

  InvalidationTable(Transactions transactions) {
    this.transactions = transactions;
  }

  void writeMappings(Connection connection, PageId page, long[] asids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WRITE_MAPPINGS)) {
      statement.setLong(1, page.value());
      statement.setObject(2, asids);
      statement.executeUpdate();
    }
  }

  void writePerson(Connection connection, long asid) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WRITE_PERSON)) {
      statement.setLong(1, asid);
      statement.executeUpdate();
    }
  }

  /**
   * Whatever is not visible from here was, or will be, written by a transaction that follows it.
   */
  ReadPosition here() throws SQLException {
    return transactions.plain(this::here);
  }

  private ReadPosition here(Connection connection) throws SQLException {
    long[] xidAndTime = new long[2];
    Server server =
        servers.read(
            connection,
            () ->
                RoundTrip.plain()
                    .query(
                        HERE,
                        row -> {
                          row.next();
                          xidAndTime[0] = row.getLong(1);
                          xidAndTime[1] = row.getLong(2);
                        }));
    return new ReadPosition(xidAndTime[0], xidAndTime[1], server);
  }

  /** What transactions from {@code xid} on wrote behind the row {@code seq}: {@code limit} rows. */
  List<Change> read(long xid, long seq, int limit) throws SQLException {
    return transactions.plain(connection -> read(connection, xid, seq, limit));
  }

  private static List<Change> read(Connection connection, long xid, long seq, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setString(1, Long.toString(xid));
      statement.setLong(2, seq);
      statement.setInt(3, limit);
      List<Change> changes = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          changes.add(
              new Change(
                  rows.getLong(1),
                  rows.getLong(2),
                  rows.getString(3),
                  rows.getLong(4),
                  rows.getLong(5)));
        }
      }
      return changes;
    }
  }

  /** Writes invalidations once more that are due by now, {@code limit} of them at most. */
  int repeat(int limit) throws SQLException {
    return transactions.plain(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(REPEAT)) {
            statement.setInt(1, limit);
            return statement.executeUpdate();
          }
        });
  }

  /** Deletes rows that were kept for long enough, {@code limit} of each kind at most. */
  void deleteOld(int limit) throws SQLException {
    transactions.plain(
        connection ->
            delete(connection, DELETE, limit)
                + delete(connection, DELETE_HISTORY.formatted("view_change"), limit)
                + delete(connection, DELETE_HISTORY.formatted("superseded_negative"), limit));
  }

  private static int delete(Connection connection, String statement, int limit)
      throws SQLException {
    try (PreparedStatement old = connection.prepareStatement(statement)) {
      old.setDouble(1, KEPT.toMillis() / 1000.0);
      old.setInt(2, limit);
      return old.executeUpdate();
    }
  }
}
