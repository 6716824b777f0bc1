package org.psidgateway.migration.work;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.State;
import org.psidgateway.migration.list.ListsByHand;
import org.psidgateway.testing.Sql;

/** A migration of the ids 1 to N on Page 100, made by SQL alone. */
record Listed(MigrationId id, long no) {
  private static final AtomicLong NUMBERS = new AtomicLong();

  /** One that is running, its list compared already: nothing was known of it. */
  static Listed running(DataSource dataSource, long ids) {
    Listed list = made(dataSource, State.RUNNING, ids);
    new Sql(dataSource)
        .execute(
            "insert into list_%d_id (asid, line) select i, i from generate_series(1, %d) i"
                .formatted(list.no, ids),
            "update migration set distinct_ids = %d, to_convert = %d, started_at = ledger_now() where id = '%s'"
                .formatted(ids, ids, list.id.value()));
    return list;
  }

  /** One whose list has just come in: each of the ids once, in this order. */
  static Listed uploaded(DataSource dataSource, long ids) {
    return made(dataSource, State.UPLOADING, ids);
  }

  private static Listed made(DataSource dataSource, State state, long ids) {
    Listed list = new Listed(MigrationId.create(Instant.now()), NUMBERS.incrementAndGet());
    ListsByHand.create(dataSource, list.no);
    new Sql(dataSource)
        .execute(
            "insert into list_%d_row (line, asid) select i, i from generate_series(1, %d) i"
                .formatted(list.no, ids),
            """
            insert into migration (id, list_no, page_id, created_by, created_at, desired, state, format, width,
                                   received, malformed)
            values ('%s', %d, 100, 'crm', ledger_now(), 'running', '%s', 'text', 1, %d, 0)
            """
                .formatted(list.id.value(), list.no, state.wireName(), ids));
    return list;
  }

  /** Changes its row. */
  void set(Sql sql, String assignments) {
    sql.execute("update migration set %s where id = '%s'".formatted(assignments, id.value()));
  }

  long number(Sql sql, String column) {
    return sql.number("select %s from migration where id = '%s'".formatted(column, id.value()));
  }

  String text(Sql sql, String column) {
    return sql.texts("select %s from migration where id = '%s'".formatted(column, id.value()))
        .get(0);
  }

  /** Null is null. */
  String verdict(Sql sql, long asid) {
    return sql.texts("select verdict from list_%d_id where asid = %d".formatted(no, asid)).get(0);
  }
}
