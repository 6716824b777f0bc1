package org.psidgateway.migration;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.limits.Limits;
import org.psidgateway.migration.list.ListTables;
import org.psidgateway.migration.list.Lists;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;

/**
 * Looks at migrations, and steers them: what is asked for is committed when a method returns, and
 * kept to by every pod from then on, whoever works on the migration. Methods block, and fail while
 * PostgreSQL is away. Thread-safe.
 */
@Singleton
public class Migrations {
  private static final String FIND =
      "select " + MigrationRow.COLUMNS + MigrationRow.HISTORY + " from migration m where id = ?";

  private static final String LIST =
      "select " + MigrationRow.COLUMNS + MigrationRow.NO_HISTORY + " from migration m where true";

  private static final String LOCK = "select 1 from migration where id = ? for update";

  private static final String MARKS =
      """
      select id, revision, progress from migration where id = any(?::uuid[])
      """;

  private final Transactions transactions;
  private final Disposal disposal;
  private final int batchSize;
  private final @Nullable Instant closesAt;

  @Inject
  Migrations(Transactions transactions, Lists lists, Limits limits, Tariff tariff) {
    this(
        transactions,
        lists,
        Math.max(1, tariff.batchSize()),
        tariff.isWindowed() ? limits.window().closesAt() : null);
  }

  /**
   * @param batchSize ids of a full call
   * @param closesAt the end of the upstream's window; null if none is known
   */
  Migrations(Transactions transactions, Lists lists, int batchSize, @Nullable Instant closesAt) {
    this.transactions = transactions;
    this.disposal = new Disposal(transactions, lists);
    this.batchSize = batchSize;
    this.closesAt = closesAt;
  }

  /** Which ones are wanted; null and empty: all. */
  public record Filter(@Nullable PageId page, @Nullable State state, Map<String, String> labels) {}

  /** How far a migration is: whoever knows an equal one knows all of it. */
  public record Mark(long revision, long progress) {}

  /** Empty if there is none. */
  public Optional<Migration> find(MigrationId id) throws SQLException {
    return row(id).map(MigrationRow::migration);
  }

  Optional<MigrationRow> row(MigrationId id) throws SQLException {
    return transactions.plain(connection -> read(connection, RoundTrip.plain(), id));
  }

  private Optional<MigrationRow> read(Connection connection, RoundTrip trip, MigrationId id)
      throws SQLException {
    List<MigrationRow> found = new ArrayList<>(1);
    trip.query(
            FIND,
            rows -> {
              if (rows.next()) {
                found.add(MigrationRow.read(rows, batchSize, closesAt));
              }
            },
            id.value())
        .run(connection);
    return found.stream().findFirst();
  }

  /** How far those are that still exist. */
  public Map<MigrationId, Mark> marks(Collection<MigrationId> ids) throws SQLException {
    Object all = ids.stream().map(MigrationId::value).toArray(UUID[]::new);
    Map<MigrationId, Mark> marks = new LinkedHashMap<>();
    return transactions.plain(
        connection -> {
          RoundTrip.plain()
              .query(
                  MARKS,
                  rows -> {
                    while (rows.next()) {
                      marks.put(
                          new MigrationId(rows.getObject(1, UUID.class)),
                          new Mark(rows.getLong(2), rows.getLong(3)));
                    }
                  },
                  all)
              .run(connection);
          return marks;
        });
  }

  /**
   * The newest first, without their histories; those older than {@code before}, if that is given.
   */
  public List<Migration> list(Filter filter, @Nullable MigrationId before, int most)
      throws SQLException {
    StringBuilder query = new StringBuilder(LIST);
    List<Object> values = new ArrayList<>();
    if (before != null) {
      query.append(" and id < ?");
      values.add(before.value());
    }
    if (filter.page() != null) {
      query.append(" and page_id = ?");
      values.add(filter.page().value());
    }
    if (filter.state() != null) {
      query.append(" and state = ?");
      values.add(filter.state().wireName());
    }
    if (!filter.labels().isEmpty()) {
      query.append(" and labels @> ?::jsonb");
      values.add(new JsonObject(new LinkedHashMap<>(filter.labels())).encode());
    }
    values.add(most);
    query.append(" order by id desc limit ?");
    List<Migration> found = new ArrayList<>();
    return transactions.plain(
        connection -> {
          ListTables.byIndex(RoundTrip.plain())
              .query(
                  query.toString(),
                  rows -> {
                    while (rows.next()) {
                      found.add(MigrationRow.read(rows, batchSize, closesAt).migration());
                    }
                  },
                  values.toArray())
              .run(connection);
          return found;
        });
  }

  /**
   * Changes what is asked for; nothing at all if it is so already.
   *
   * @param by the caller's name, for the diary
   * @param ifRevision the revision that the caller has seen; empty: any
   * @throws IllegalTransition if that can't be asked in the present state
   * @throws OtherRevision if it has another revision
   */
  public Optional<Migration> change(
      MigrationId id, Change change, String by, OptionalLong ifRevision) throws SQLException {
    return transactions.run(
        connection -> {
          RoundTrip locked = RoundTrip.opening().query(LOCK, row -> {}, id.value());
          Optional<MigrationRow> found = read(connection, locked, id);
          if (found.isEmpty()) {
            return Optional.empty();
          }
          RoundTrip changes = RoundTrip.further();
          if (!change(changes, found.get(), id, change, by, ifRevision)) {
            return Optional.of(found.get().migration());
          }
          return read(connection, changes, id).map(MigrationRow::migration);
        });
  }

  private static boolean change(
      RoundTrip changes,
      MigrationRow row,
      MigrationId id,
      Change change,
      String by,
      OptionalLong ifRevision) {
    if (ifRevision.isPresent() && ifRevision.getAsLong() != row.migration().revision()) {
      throw new OtherRevision();
    }
    Settings before = row.migration().settings();
    Settings after = SettingsSql.changed(before, change);
    Steering.checkSettings(row, after);
    boolean moved =
        change.desired() != null && new Steering(row, id, by).to(changes, change.desired());
    if (!after.equals(before)) {
      SettingsSql.change(changes, id, after, moved);
      return true;
    }
    return moved;
  }

  /**
   * Removes one that has ended, with its list; false if there is none. Mappings stay.
   *
   * @throws IllegalTransition if it has not ended
   */
  public boolean delete(MigrationId id) throws SQLException {
    return disposal.dispose(id);
  }

  /** The migration has changed since the caller saw it. */
  public static final class OtherRevision extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OtherRevision() {
      super("another revision", null, false, false);
    }
  }
}
