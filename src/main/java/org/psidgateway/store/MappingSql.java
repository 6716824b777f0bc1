package org.psidgateway.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;

/** The statements where the statement is the point: whole lists, one round trip each. */
final class MappingSql {
  private static final String MAPPED =
      """
      select asid, psid, floor(extract(epoch from resolved_at))::bigint
        from mapping where page_id = ? and asid = any(?)
      """;

  private static final String FIND_MAPPED =
      """
      select psid, resolved_at, resolved_at from mapping where page_id = ? and asid = ?
      """;

  // A race of two late answers may leave both a mapping and a negative: the mapping wins here too.
  private static final String LOOK_UP =
      MAPPED
          + """
      union all
      select asid, verdict, floor(extract(epoch from checked_at))::bigint
        from negative n where page_id = ? and asid = any(?)
         and checked_at > ledger_now() - make_interval(secs => ?)
         and not exists (select from mapping m where m.page_id = n.page_id and m.asid = n.asid)
      """;

  private static final String FIND =
      FIND_MAPPED
          + """
      union all
      select verdict, resolved_at, checked_at
        from negative where page_id = ? and asid = ?
         and checked_at > ledger_now() - make_interval(secs => ?)
      limit 1
      """;

  private static final String KNOWN_PSIDS =
      "select distinct psid from mapping where page_id = ? and psid = any(?)";

  private static final String WRITE_MAPPINGS =
      """
      with outdated as (delete from negative where page_id = ? and asid = any(?))
      insert into mapping (page_id, asid, psid, resolved_at)
      select ?, asid, psid, ledger_now() from unnest(?::bigint[], ?::bigint[]) as t(asid, psid)
       order by asid
          on conflict (asid, page_id) do nothing
      """;

  private static final String WRITE_NEGATIVES =
      """
      insert into negative (page_id, asid, verdict, resolved_at, checked_at)
      select ?, asid, verdict, ledger_now(), ledger_now()
        from unnest(?::bigint[], ?::bigint[]) as t(asid, verdict)
       where not exists (select from mapping m where m.page_id = ? and m.asid = t.asid)
       order by asid
          on conflict (asid, page_id)
          do update set verdict = excluded.verdict, checked_at = excluded.checked_at
      """;

  private final double recheckAfterSeconds;

  MappingSql(Duration recheckAfter) {
    this.recheckAfterSeconds = recheckAfter.toMillis() / 1000.0;
  }

  Findings lookUp(Connection connection, PageId page, long[] asids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOOK_UP)) {
      statement.setLong(1, page.value());
      statement.setObject(2, asids);
      statement.setLong(3, page.value());
      statement.setObject(4, asids);
      statement.setDouble(5, recheckAfterSeconds);
      return findings(statement, asids.length);
    }
  }

  /** Mappings alone. */
  static Findings mapped(Connection connection, PageId page, long[] asids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MAPPED)) {
      statement.setLong(1, page.value());
      statement.setObject(2, asids);
      return findings(statement, asids.length);
    }
  }

  private static Findings findings(PreparedStatement statement, int most) throws SQLException {
    long[][] columns = new long[3][most];
    int n = 0;
    try (ResultSet rows = statement.executeQuery()) {
      for (; rows.next(); n++) {
        columns[0][n] = rows.getLong(1);
        columns[1][n] = rows.getLong(2);
        columns[2][n] = rows.getLong(3);
      }
    }
    return new Findings(
        Arrays.copyOf(columns[0], n), Arrays.copyOf(columns[1], n), Arrays.copyOf(columns[2], n));
  }

  Optional<Mapping> find(Connection connection, PageId page, long asid) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setLong(1, page.value());
      statement.setLong(2, asid);
      statement.setLong(3, page.value());
      statement.setLong(4, asid);
      statement.setDouble(5, recheckAfterSeconds);
      return mapping(statement, page, asid);
    }
  }

  /** A mapping alone. */
  static Optional<Mapping> findMapped(Connection connection, PageId page, long asid)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND_MAPPED)) {
      statement.setLong(1, page.value());
      statement.setLong(2, asid);
      return mapping(statement, page, asid);
    }
  }

  private static Optional<Mapping> mapping(PreparedStatement statement, PageId page, long asid)
      throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next()
          ? Optional.of(
              new Mapping(
                  page,
                  asid,
                  row.getLong(1),
                  Source.STORE,
                  toTheSecond(row.getObject(2, OffsetDateTime.class).toInstant()),
                  toTheSecond(row.getObject(3, OffsetDateTime.class).toInstant())))
          : Optional.empty();
    }
  }

  /** As the caches remember it, so that a mapping looks the same wherever it is read. */
  static Instant toTheSecond(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  long[] knownPsids(Connection connection, PageId page, long[] candidates) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(KNOWN_PSIDS)) {
      statement.setLong(1, page.value());
      statement.setObject(2, candidates);
      long[] known = new long[candidates.length];
      int n = 0;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          known[n++] = rows.getLong(1);
        }
      }
      return Arrays.copyOf(known, n);
    }
  }

  void writeMappings(Connection connection, PageId page, long[] asids, long[] psids)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WRITE_MAPPINGS)) {
      statement.setLong(1, page.value());
      statement.setObject(2, asids);
      statement.setLong(3, page.value());
      statement.setObject(4, asids);
      statement.setObject(5, psids);
      statement.executeUpdate();
    }
  }

  void writeNegatives(Connection connection, PageId page, long[] asids, long[] verdicts)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WRITE_NEGATIVES)) {
      statement.setLong(1, page.value());
      statement.setObject(2, asids);
      statement.setObject(3, verdicts);
      statement.setLong(4, page.value());
      statement.executeUpdate();
    }
  }

  /** Writes those of the answers whose verdict is of the wanted kind. */
  void write(
      Connection connection, PageId page, long[] asids, long[] verdicts, LongPredicate wanted)
      throws SQLException {
    int n = 0;
    long[] ids = new long[asids.length];
    long[] kept = new long[asids.length];
    for (int i = 0; i < asids.length; i++) {
      if (wanted.test(verdicts[i])) {
        ids[n] = asids[i];
        kept[n++] = verdicts[i];
      }
    }
    if (n == 0) {
      return;
    }
    ids = Arrays.copyOf(ids, n);
    kept = Arrays.copyOf(kept, n);
    if (kept[0] > 0) {
      writeMappings(connection, page, ids, kept);
    } else {
      writeNegatives(connection, page, ids, kept);
    }
  }
}
