package org.psidgateway.migration;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.migration.list.Content;
import org.psidgateway.model.PageId;
import org.psidgateway.time.Micros;
import org.psidgateway.transfer.rows.FileFormat;

/**
 * What the row of a migration says, to callers and to those who steer it.
 *
 * @param next what it becomes once no call of it is under way; null if nothing
 * @param underWay ids in calls
 */
record MigrationRow(
    Migration migration,
    @Nullable State next,
    @Nullable String nextReason,
    long underWay,
    boolean canaryDone,
    long listNo,
    Content content) {

  /** Of the migration {@code m}. */
  static final String COLUMNS = "m.*, ledger_now() as now, ";

  // In the statement that reads the row, so that both are of one moment.
  static final String HISTORY =
      """
      (select jsonb_agg(jsonb_build_array(micros(e.at), e.from_state, e.to_state, e.reason, e.by_whom, e.counts)
                        order by e.no)
         from migration_event e where e.migration_id = m.id) as history
      """;

  static final String NO_HISTORY = "null::jsonb as history";

  /**
   * @param batchSize ids of a full call
   * @param closesAt the end of the upstream's window; null if none is known
   */
  static MigrationRow read(ResultSet row, int batchSize, @Nullable Instant closesAt)
      throws SQLException {
    State state = State.of(row.getString("state"));
    State next = row.getString("next_state") == null ? null : State.of(row.getString("next_state"));
    Settings settings = settings(row);
    Counts counts = counts(row);
    Instant end = Prospects.earlier(settings.deadline(), closesAt);
    Prospects prospects = Prospects.read(row, state, next, counts, end);
    Migration migration =
        new Migration(
            new MigrationId(row.getObject("id", UUID.class)),
            id(row.getObject("parent_id", UUID.class)),
            new PageId(row.getLong("page_id")),
            settings,
            row.getString("created_by"),
            row.getLong("revision"),
            row.getLong("progress"),
            Desired.valueOf(row.getString("desired").toUpperCase(Locale.ROOT)),
            state,
            row.getString("reason"),
            row.getObject("created_at", OffsetDateTime.class).toInstant(),
            time(row, "started_at"),
            time(row, "finished_at"),
            end,
            state == State.UPLOADING ? null : whole(counts),
            state.isWorking() ? row.getDouble("ids_per_second") : 0,
            prospects.eta(),
            prospects.bottleneck(),
            bill(row, batchSize),
            history(row.getString("history")));
    return new MigrationRow(
        migration,
        next,
        row.getString("next_reason"),
        row.getLong("under_way"),
        row.getBoolean("canary_done"),
        row.getLong("list_no"),
        content(row));
  }

  private static Settings settings(ResultSet row) throws SQLException {
    return new Settings(
        row.getString("name"),
        labels(row.getString("labels")),
        row.getObject("confirm", Boolean.class),
        time(row, "deadline"),
        row.getObject("quota_cap", Long.class),
        row.getDouble("share"),
        row.getLong("canary_ids"),
        row.getDouble("canary_max_invalid_ratio"),
        row.getObject("max_invalid_ratio", Double.class));
  }

  private static Map<String, String> labels(String json) {
    Map<String, String> labels = new TreeMap<>();
    new JsonObject(json).forEach(label -> labels.put(label.getKey(), (String) label.getValue()));
    return labels;
  }

  private static Counts counts(ResultSet row) throws SQLException {
    return new Counts(
        row.getLong("received"),
        row.getLong("malformed"),
        row.getLong("duplicates"),
        row.getLong("distinct_ids"),
        row.getLong("already_known"),
        row.getLong("mapped"),
        row.getLong("unmapped"),
        row.getLong("invalid"),
        row.getLong("failed"),
        row.getLong("under_way") + row.getLong("unanswered"));
  }

  private static Migration.Bill bill(ResultSet row, int batchSize) throws SQLException {
    long calls = row.getLong("calls");
    return new Migration.Bill(
        row.getLong("to_convert"),
        row.getLong("planned_calls"),
        row.getObject("quota_remaining_after", Long.class),
        calls,
        row.getLong("units"),
        row.getLong("duplicates"),
        row.getLong("already_known"),
        row.getLong("joined"),
        row.getLong("throttled_micros") / 1_000_000,
        calls == 0 ? 1 : (double) row.getLong("asked") / (calls * batchSize));
  }

  private static Content content(ResultSet row) throws SQLException {
    Array columns = row.getArray("columns");
    return new Content(
        row.getLong("received"),
        row.getLong("malformed"),
        FileFormat.valueOf(row.getString("format").toUpperCase(Locale.ROOT)),
        columns == null ? null : List.of((String[]) columns.getArray()),
        row.getInt("width"));
  }

  private static List<Migration.Event> history(@Nullable String json) {
    return json == null
        ? List.of()
        : new JsonArray(json).stream().map(event -> event((JsonArray) event)).toList();
  }

  private static Migration.Event event(JsonArray event) {
    String from = event.getString(1);
    JsonArray counts = event.getJsonArray(5);
    return new Migration.Event(
        Micros.instant(event.getLong(0)),
        from == null ? null : State.of(from),
        State.of(event.getString(2)),
        event.getString(3),
        event.getString(4),
        counts == null ? null : whole(counts(counts)));
  }

  /** Null for a list that was given up before it was counted to its end. */
  private static @Nullable Counts whole(Counts counts) {
    return counts.received() == counts.malformed() + counts.duplicates() + counts.distinct()
        ? counts
        : null;
  }

  /** In the order in which {@link Moves} writes them. */
  private static Counts counts(JsonArray numbers) {
    return new Counts(
        numbers.getLong(0),
        numbers.getLong(1),
        numbers.getLong(2),
        numbers.getLong(3),
        numbers.getLong(4),
        numbers.getLong(5),
        numbers.getLong(6),
        numbers.getLong(7),
        numbers.getLong(8),
        numbers.getLong(9));
  }

  private static @Nullable MigrationId id(@Nullable UUID value) {
    return value == null ? null : new MigrationId(value);
  }

  static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
