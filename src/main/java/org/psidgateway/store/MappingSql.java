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
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.model.Verdict;

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

  // One time for all of them: callers get what the rows say. A mapping never yields. A negative may
  // be left beside one that another call wrote meanwhile: readers prefer the mapping.
  private static final String WRITE =
      """
      with t as materialized (select ledger_now() as now),
      outdated as (delete from negative where page_id = ? and asid = any(?) returning asid, upstream),
      mapped as (
        insert into mapping (page_id, asid, psid, resolved_at)
        select ?, asid, psid, t.now from unnest(?::bigint[], ?::bigint[]) as m(asid, psid), t
         order by asid
            on conflict (asid, page_id) do nothing),
      negated as (
        insert into negative (page_id, asid, verdict, upstream, resolved_at, checked_at)
        select ?, asid, verdict, ?, t.now, t.now
          from unnest(?::bigint[], ?::bigint[]) as n(asid, verdict), t
         where not exists (select from mapping m where m.page_id = ? and m.asid = n.asid)
         order by asid
            on conflict (asid, page_id)
            do update set verdict = excluded.verdict, upstream = excluded.upstream,
                          checked_at = excluded.checked_at)
      """;

  private static final String WRITTEN_AT = WRITE + "select micros(now) from t";

  // What an upstream says unasked may contradict what is stored, or negatives that stood until now
  // and that any pod may hold.
  private static final String WRITTEN_UNASKED =
      WRITE
          + """
      , news as (
        insert into invalidation (what, page_id, asid) select 'mapping', ?, asid from outdated where upstream = ?)
      select asid
        from (select * from mapping where page_id = ?) m
        join unnest(?::bigint[], ?::bigint[]) as told(asid, psid) using (asid)
       where m.psid <> told.psid
      """;

  private static final String NOW = "select micros(ledger_now())";

  private final double recheckAfterSeconds;

  private final int upstream;

  /**
   * Negatives of another upstream are not known: this one may say otherwise. An archive has none.
   */
  private final int believedFrom;

  MappingSql(Duration recheckAfter, UpstreamKind upstream) {
    this.recheckAfterSeconds = recheckAfter.toMillis() / 1000.0;
    this.upstream = upstream.ordinal();
    this.believedFrom = upstream == UpstreamKind.NONE ? 0 : upstream.ordinal();
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

  private static Findings findings(ResultSet rows, int most) throws SQLException {
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

  /** {@code writtenAt} gets the time of the rows, in microseconds since the epoch. */
  void write(RoundTrip trip, PageId page, Findings findings, LongConsumer writtenAt) {
    RoundTrip.Rows time =
        row -> {
          row.next();
          writtenAt.accept(row.getLong(1));
        };
    if (findings.size() == 0) {
      trip.query(NOW, time);
    } else {
      trip.query(WRITTEN_AT, time, values(page, findings));
    }
  }

  /** Runs {@code contradicted} for each stored mapping that the findings contradict. */
  void writeUnasked(RoundTrip trip, PageId page, Findings findings, Runnable contradicted) {
    long[] mapped = those(findings, Verdict::isPsid, findings.asids());
    long[] psids = those(findings, Verdict::isPsid, findings.verdicts());
    Object[] further = {page.value(), upstream, page.value(), mapped, psids};
    trip.query(
        WRITTEN_UNASKED,
        rows -> {
          while (rows.next()) {
            contradicted.run();
          }
        },
        Stream.of(values(page, findings), further).flatMap(Arrays::stream).toArray());
  }

  private Object[] values(PageId page, Findings findings) {
    long[] mapped = those(findings, Verdict::isPsid, findings.asids());
    long[] psids = those(findings, Verdict::isPsid, findings.verdicts());
    long[] negated = those(findings, Verdict::isNegative, findings.asids());
    long[] negatives = those(findings, Verdict::isNegative, findings.verdicts());
    long id = page.value();
    return new Object[] {id, mapped, id, mapped, psids, id, upstream, negated, negatives, id};
  }

  /** The {@code values} whose verdict is of the wanted kind. */
  private static long[] those(Findings findings, LongPredicate wanted, long[] values) {
    return IntStream.range(0, findings.size())
        .filter(i -> wanted.test(findings.verdicts()[i]))
        .mapToLong(i -> values[i])
        .toArray();
  }
}
