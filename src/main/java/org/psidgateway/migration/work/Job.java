package org.psidgateway.migration.work;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.State;
import org.psidgateway.migration.list.ListTables;
import org.psidgateway.model.PageId;
import org.psidgateway.time.Micros;

/**
 * A migration that has not ended, as its owner sees it.
 *
 * @param open ids that are neither decided nor in calls
 * @param answered ids that were decided since the list was compared with what is known
 * @param invalid those of them that the upstream refused
 * @param pageGone whether its Page was deleted, or only its mappings are kept
 * @param sealed whether somebody has sealed the upstream's window
 * @param astray whether a call has ended, and its account was not told: by a pod of the version
 *     before, which knows of none
 * @param spent units, those included that may have been spent
 */
record Job(
    MigrationId id,
    long listNo,
    PageId page,
    String caller,
    State state,
    @Nullable State next,
    long underWay,
    long open,
    long answered,
    long invalid,
    long canaryIds,
    double canaryMaxInvalidRatio,
    long preparedLine,
    long fedLine,
    @Nullable Long quotaCap,
    long spent,
    @Nullable Boolean confirm,
    @Nullable Instant deadline,
    boolean pageGone,
    boolean sealed,
    boolean astray,
    Instant now) {

  // Earliest deadline first; those without one by their creation.
  private static final String OPEN =
      """
      select g.*, micros(g.deadline) as deadline_micros, micros(ledger_now()) as now,
             %s as open,
             mapped + unmapped + invalid + failed - known_unmapped - known_invalid as answered,
             p.page_id is null or p.paused and p.pause_reason = 'archived' as page_gone,
             b.sealed_at is not null as sealed,
             case when g.under_way > 0
                  then g.under_way <> (select coalesce(sum(c.asked), 0) from call c
                                        where c.migration_id = g.id and c.state = 'granted')
                  else false end as astray
        from migration g left join page p on p.page_id = g.page_id, budget b
       where g.state in ('uploading', 'awaiting_confirmation', 'canary', 'running', 'paused')
       order by least(g.deadline, at_micros(?)) nulls last, g.id
      """
          .formatted(DecisionSql.OPEN);

  /**
   * All of them, in the order in which they are worked on.
   *
   * @param closesAt the end of the upstream's window; null if none is known
   */
  static List<Job> all(Connection connection, @Nullable Instant closesAt) throws SQLException {
    List<Job> jobs = new ArrayList<>();
    ListTables.byIndex(RoundTrip.plain())
        .query(
            OPEN,
            rows -> {
              while (rows.next()) {
                jobs.add(read(rows));
              }
            },
            closesAt == null ? null : Micros.of(closesAt))
        .run(connection);
    return jobs;
  }

  private static Job read(ResultSet row) throws SQLException {
    String next = row.getString("next_state");
    return new Job(
        new MigrationId(row.getObject("id", UUID.class)),
        row.getLong("list_no"),
        new PageId(row.getLong("page_id")),
        row.getString("created_by"),
        State.of(row.getString("state")),
        next == null ? null : State.of(next),
        row.getLong("under_way"),
        row.getLong("open"),
        row.getLong("answered"),
        row.getLong("invalid") - row.getLong("known_invalid"),
        row.getLong("canary_ids"),
        row.getDouble("canary_max_invalid_ratio"),
        row.getLong("prepared_line"),
        row.getLong("fed_line"),
        row.getObject("quota_cap", Long.class),
        row.getLong("units") + row.getLong("units_uncertain"),
        row.getObject("confirm", Boolean.class),
        row.getObject("deadline") == null ? null : Micros.instant(row.getLong("deadline_micros")),
        row.getBoolean("page_gone"),
        row.getBoolean("sealed"),
        row.getBoolean("astray"),
        Micros.instant(row.getLong("now")));
  }

  /** Whether its ids are to be asked. */
  boolean isWorking() {
    return state.isWorking() && next == null;
  }
}
