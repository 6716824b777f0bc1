package org.psidgateway.migration;

import java.time.InstantSource;
import java.util.List;
import org.psidgateway.testing.Sql;

/** Rows of migrations, as they may be. */
final class Rows {
  private static final String INSERT =
      """
      insert into migration (id, list_no, page_id, created_by, created_at, desired, state, format, width,
                             received, malformed, duplicates, distinct_ids, mapped, under_way, finished_at)
      values ('%s', %d, 100, 'crm', ledger_now(), 'running', '%s', 'text', 1, 100, 1, 9, 90, 40, %d,
              case when %s then ledger_now() end)
      """;

  private final Sql sql;

  Rows(Sql sql) {
    this.sql = sql;
  }

  /** 100 rows, of which 50 ids, those under way included, are not decided. */
  MigrationId insert(State state, long underWay) {
    MigrationId id = MigrationId.create(InstantSource.system().instant());
    long list = sql.number("insert into list (until) values (null) returning no");
    sql.execute(INSERT.formatted(id.value(), list, state.wireName(), underWay, state.isEnd()));
    return id;
  }

  void set(MigrationId id, String changes) {
    sql.execute("update migration set " + changes + " where id = '" + id.value() + "'");
  }

  /** What happened, as the diary says: from, to, reason, by. */
  List<String> diary(MigrationId id) {
    return sql.texts(
        "select concat_ws(' ', from_state, '>', to_state, reason, by_whom) from migration_event where migration_id = '"
            + id.value()
            + "' order by no");
  }
}
