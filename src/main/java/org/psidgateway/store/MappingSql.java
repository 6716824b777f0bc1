package org.psidgateway.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.model.UpstreamKind;

/** The statements on mappings: whole lists, one round trip each. */
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
        from negative n where page_id = ? and asid = any(?) and upstream between ? and ?
         and checked_at > ledger_now() - make_interval(secs => ?)
         and not exists (select from mapping m where m.page_id = n.page_id and m.asid = n.asid)
      """;

  private static final String FIND =
      FIND_MAPPED
          + """
      union all
      select verdict, checked_at, checked_at
        from negative where page_id = ? and asid = ? and upstream between ? and ?
         and checked_at > ledger_now() - make_interval(secs => ?)
      limit 1
      """;

  private static final String FIND_BY_PSID =
      """
      select asid, resolved_at from mapping where page_id = ? and psid = ? order by asid
      """;

  private static final String KNOWN_PSIDS =
      "select distinct psid from mapping where page_id = ? and psid = any(?)";

  private final double recheckAfterSeconds;

  private final int upstream;

  /**
   * Negatives of another upstream are not known: this one may say otherwise. An archive has none.
   */
  private final int believedFrom;

  MappingSql(Duration recheckAfter, UpstreamKind upstream) {
    this.recheckAfterSeconds = recheckAfter.toMillis() / 1000.0;
    this.upstream = upstream.ordinal();
    this.believedFrom = believedFrom(upstream);
  }

  static int believedFrom(UpstreamKind upstream) {
    return upstream == UpstreamKind.NONE ? 0 : upstream.ordinal();
  }

  void lookUp(RoundTrip trip, PageId page, long[] asids, Consumer<Findings> into) {
    trip.query(
        LOOK_UP,
        rows -> into.accept(findings(rows, asids.length)),
        page.value(),
        asids,
        page.value(),
        asids,
        believedFrom,
        upstream,
        recheckAfterSeconds);
  }

  /** Mappings alone. */
  static Findings mapped(Connection connection, PageId page, long[] asids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MAPPED)) {
      statement.setLong(1, page.value());
      statement.setObject(2, asids);
      try (ResultSet rows = statement.executeQuery()) {
        return findings(rows, asids.length);
      }
    }
  }

  static Findings findings(ResultSet rows, int most) throws SQLException {
    long[][] columns = new long[3][most];
    int n = 0;
    for (; rows.next(); n++) {
      columns[0][n] = rows.getLong(1);
      columns[1][n] = rows.getLong(2);
      columns[2][n] = rows.getLong(3);
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
      statement.setInt(5, believedFrom);
      statement.setInt(6, upstream);
      statement.setDouble(7, recheckAfterSeconds);
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
              new Mapping(page, asid, row.getLong(1), Source.STORE, time(row, 2), time(row, 3)))
          : Optional.empty();
    }
  }

  static List<Mapping> findByPsid(Connection connection, PageId page, long psid)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND_BY_PSID)) {
      statement.setLong(1, page.value());
      statement.setLong(2, psid);
      try (ResultSet rows = statement.executeQuery()) {
        List<Mapping> found = new ArrayList<>();
        while (rows.next()) {
          Instant at = time(rows, 2);
          found.add(new Mapping(page, rows.getLong(1), psid, Source.STORE, at, at));
        }
        return found;
      }
    }
  }

  /** To the second, as the caches remember it: a mapping looks the same wherever it is read. */
  private static Instant time(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant().truncatedTo(ChronoUnit.SECONDS);
  }

  static long[] knownPsids(Connection connection, PageId page, long[] candidates)
      throws SQLException {
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
}
