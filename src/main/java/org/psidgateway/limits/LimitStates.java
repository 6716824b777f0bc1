package org.psidgateway.limits;

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

/**
 * Rows of the table {@code standing}, as they were at one moment.
 *
 * @param now when they were read, in microseconds of {@code ledger_now()}
 * @param byScope by the Page's id, or {@link LimitState#APP}
 */
public record LimitStates(long now, Map<Long, LimitState> byScope) {
  /** All columns of a row {@code st}, which may be absent. */
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

  /** Changeable; a scope without a row has never been limited. */
  LimitState of(long scope) {
    return byScope.getOrDefault(scope, new LimitState(scope));
  }

  static LimitStates all(Connection connection) throws SQLException {
    List<LimitStates> read = new ArrayList<>(1);
    RoundTrip trip = RoundTrip.plain();
    all(trip, read::add);
    trip.run(connection);
    return read.get(0);
  }

  static void all(RoundTrip trip, Consumer<LimitStates> into) {
    trip.query(ALL, rows -> into.accept(read(rows)));
  }

  /** The app's and one Page's. To change them, lock the budget row first. */
  static void of(RoundTrip trip, long page, Consumer<LimitStates> into) {
    trip.query(SOME, rows -> into.accept(read(rows)), page);
  }

  private static LimitStates read(ResultSet row) throws SQLException {
    Map<Long, LimitState> states = new HashMap<>();
    long now = 0;
    while (row.next()) {
      now = row.getLong("now");
      states.put(row.getLong("scope"), from(row, row.getLong("scope")));
    }
    return new LimitStates(now, states);
  }

  /** The state in the row's {@link #COLUMNS}. */
  static LimitState from(ResultSet row, long scope) throws SQLException {
    LimitState state = new LimitState(scope);
    state.cooldownUntil = row.getLong("cooldown_until");
    state.strikes = row.getInt("strikes");
    state.probe = row.getObject("probe", UUID.class);
    state.probeUntil = row.getLong("probe_until");
    state.refusedProbes = row.getInt("refused_probes");
    state.usage = row.getInt("usage");
    state.usageAt = row.getLong("usage_at");
    state.nextGrant = row.getLong("page_next_grant");
    state.closures = row.getInt("closures");
    state.deniedPage = row.getLong("denied_page");
    state.suspectedUntil = row.getLong("suspected_until");
    int suspicion = row.getInt("suspicion");
    state.suspicion = suspicion == 0 ? null : Suspicion.values()[suspicion - 1];
    return state;
  }

  static void save(RoundTrip trip, LimitState state) {
    trip.update(SAVE, values(state).toArray());
  }

  /** What {@link #save} writes; equal lists if nothing has changed. */
  static List<Object> values(LimitState state) {
    return List.of(
        state.scope,
        state.cooldownUntil,
        state.strikes,
        state.probe == null ? "" : state.probe.toString(),
        state.probeUntil,
        state.refusedProbes,
        state.usage,
        state.usageAt,
        state.nextGrant,
        state.closures,
        state.deniedPage,
        state.suspicion == null ? "" : state.suspicion.name().toLowerCase(Locale.ROOT),
        state.suspectedUntil);
  }
}
