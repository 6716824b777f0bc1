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
  // be left beside one that another call wrote meanwhile: readers prefer the mapping. Downloads
  // that go
  // on later are told of negatives that stand no longer, or say something else.
  private static final String WRITE =
      """
      with t as materialized (select ledger_now() as now),
      outdated as (delete from negative where page_id = ? and asid = any(?) returning asid, upstream),
      other as (
        select 1 from unnest(?::bigint[], ?::bigint[]) as f(asid, verdict)
          join negative n on n.page_id = ? and n.asid = f.asid
         where n.verdict <> f.verdict or n.upstream <> ?
            or n.checked_at <= (select now from t) - make_interval(secs => ?)
         limit 1),
      changed as (
        insert into view_change (page_id, what, at)
        select ?, 'negative', now from t where exists (select from outdated) or exists (select from other)),
      mapped as (
        insert into mapping (page_id, asid, psid, resolved_at)
        select ?, asid, psid, t.now from unnest(?::bigint[], ?::bigint[]) as m(asid, psid), t
         order by asid
            on conflict (asid, page_id) do nothing
        returning asid),
      negated as (
        insert into negative (page_id, asid, verdict, upstream, resolved_at, checked_at)
        select ?, asid, verdict, ?, t.now, t.now
          from unnest(?::bigint[], ?::bigint[]) as n(asid, verdict), t
         where not exists (select from mapping m where m.page_id = ? and m.asid = n.asid)
         order by asid
            on conflict (asid, page_id)
            do update set verdict = excluded.verdict, upstream = excluded.upstream,
                          checked_at = excluded.checked_at
        returning asid)
      """;

  private static final String WRITTEN_AT =
      WRITE
          + """
      select micros(now), (select count(*) from mapped) + (select count(*) from negated) from t
      """;

  private static final String OTHERWISE =
      """
      select asid, m.psid, 0
        from unnest(?::bigint[], ?::bigint[]) as told(asid, verdict)
        join lateral (select psid from mapping where page_id = ? and mapping.asid = told.asid limit 1) m
          on m.psid <> told.verdict
      """;

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

  private static final String NOW = "select micros(ledger_now()), 0";

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

  void write(RoundTrip trip, PageId page, Findings findings, MappingStore.Written into) {
    RoundTrip.Rows time =
        row -> {
          row.next();
          into.written(row.getLong(1), row.getLong(2) == findings.size());
        };
    if (findings.size() == 0) {
      trip.query(NOW, time);
    } else {
      trip.query(WRITTEN_AT, time, values(page, findings));
    }
  }

  /** Mappings that say otherwise than these findings. */
  void otherwise(RoundTrip trip, PageId page, Findings findings, Consumer<Findings> into) {
    trip.query(
        OTHERWISE,
        rows -> into.accept(findings(rows, findings.size())),
        findings.asids(),
        findings.verdicts(),
        page.value());
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
    return new Object[] {
      id, mapped, negated, negatives, id, upstream, recheckAfterSeconds, id, // what they change
      id, mapped, psids, id, upstream, negated, negatives, id
    };
  }

  /** The {@code values} whose verdict is of the wanted kind. */
  private static long[] those(Findings findings, LongPredicate wanted, long[] values) {
    return IntStream.range(0, findings.size())
        .filter(i -> wanted.test(findings.verdicts()[i]))
        .mapToLong(i -> values[i])
        .toArray();
  }
}
