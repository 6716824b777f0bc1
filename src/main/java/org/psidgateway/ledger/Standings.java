package org.psidgateway.ledger;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.ledger.Standing.Suspicion;

/** The table {@code standing}. */
final class Standings {
  /** Of a row {@code st}, which may be absent. */
  static final String COLUMNS =
      """
      micros(st.cooldown_until) as cooldown_until, coalesce(st.strikes, 0) as strikes, st.probe,
      micros(st.probe_until) as probe_until, coalesce(st.refused_probes, 0) as refused_probes,
      coalesce(st.usage, -1) as usage, micros(st.usage_at) as usage_at,
      micros(st.next_grant_at) as page_next_grant, coalesce(st.closures, 0) as closures,
      st.denied_page, array_position(array[%s], st.suspicion) as suspicion, micros(st.suspected_until) as suspected_until
      """
          .formatted(
              Arrays.stream(Suspicion.values())
                  .map(suspicion -> "'" + suspicion.name().toLowerCase(Locale.ROOT) + "'")
                  .collect(joining(", ")));

  private static final String ALL =
      "select micros(ledger_now()) as now, st.page_id as scope, " + COLUMNS + " from standing st";

  private static final String SOME = ALL + " where st.page_id in (0, ?)";

  private static final String SAVE =
      """
      insert into standing (page_id, cooldown_until, strikes, probe, probe_until, refused_probes,
                            usage, usage_at, next_grant_at, closures, denied_page, suspicion,
                            suspected_until)
      values (?, at_micros(?), ?, nullif(?, '')::uuid, at_micros(?), ?, nullif(?, -1), at_micros(?),
              at_micros(?), ?, nullif(?, 0), nullif(?, ''), at_micros(?))
          on conflict (page_id) do update
             set cooldown_until = excluded.cooldown_until, strikes = excluded.strikes,
                 probe = excluded.probe, probe_until = excluded.probe_until,
                 refused_probes = excluded.refused_probes, usage = excluded.usage,
                 usage_at = excluded.usage_at, next_grant_at = excluded.next_grant_at,
                 closures = excluded.closures, denied_page = excluded.denied_page,
                 suspicion = excluded.suspicion, suspected_until = excluded.suspected_until
      """;

  private Standings() {}

  /** All there are, by Page; the time of reading, by {@code ledger_now()}, comes along. */
  record Now(long now, Map<Long, Standing> byScope) {
    Standing of(long scope) {
      return byScope.getOrDefault(scope, new Standing(scope));
    }
  }

  static Now all(Connection connection) throws SQLException {
    List<Now> read = new ArrayList<>(1);
    RoundTrip trip = RoundTrip.plain();
    all(trip, read::add);
    trip.run(connection);
    return read.get(0);
  }

  static void all(RoundTrip trip, Consumer<Now> into) {
    trip.query(ALL, rows -> into.accept(read(rows)));
  }

  /** Of the app and one Page. Who means to change them holds the lock of the budget row. */
  static void of(RoundTrip trip, long page, Consumer<Now> into) {
    trip.query(SOME, rows -> into.accept(read(rows)), page);
  }

  private static Now read(ResultSet row) throws SQLException {
    Map<Long, Standing> standings = new HashMap<>();
    long now = 0;
    while (row.next()) {
      now = row.getLong("now");
      standings.put(row.getLong("scope"), from(row, row.getLong("scope")));
    }
    return new Now(now, standings);
  }

  /** The standing in the row's {@link #COLUMNS}. */
  static Standing from(ResultSet row, long scope) throws SQLException {
    Standing standing = new Standing(scope);
    standing.cooldownUntil = row.getLong("cooldown_until");
    standing.strikes = row.getInt("strikes");
    standing.probe = row.getObject("probe", UUID.class);
    standing.probeUntil = row.getLong("probe_until");
    standing.refusedProbes = row.getInt("refused_probes");
    standing.usage = row.getInt("usage");
    standing.usageAt = row.getLong("usage_at");
    standing.nextGrant = row.getLong("page_next_grant");
    standing.closures = row.getInt("closures");
    standing.deniedPage = row.getLong("denied_page");
    standing.suspectedUntil = row.getLong("suspected_until");
    int suspicion = row.getInt("suspicion");
    standing.suspicion = suspicion == 0 ? null : Suspicion.values()[suspicion - 1];
    return standing;
  }

  static void save(RoundTrip trip, Standing standing) {
    trip.update(
        SAVE,
        standing.scope,
        standing.cooldownUntil,
        standing.strikes,
        standing.probe == null ? "" : standing.probe.toString(),
        standing.probeUntil,
        standing.refusedProbes,
        standing.usage,
        standing.usageAt,
        standing.nextGrant,
        standing.closures,
        standing.deniedPage,
        standing.suspicion == null ? "" : standing.suspicion.name().toLowerCase(Locale.ROOT),
        standing.suspectedUntil);
  }
}
