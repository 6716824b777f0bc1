package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Sql;

/** What becomes of a list once its rows are there, whoever brought them. */
class MigrationWorkIT {
  private static final long FIRST = 4_600_000_000_000_000L;

  @Test
  void list_isDeduplicated_compared_convertedInFullCalls_andComplete() throws Exception {
    try (World world = new World();
        Pod pod = world.pod().start()) {
      world.rejectSomeIds();
      Sql sql = new Sql(world.database.dataSource());
      sql.execute(
          "insert into mapping (page_id, asid, psid, resolved_at)"
              + " select 100, "
              + FIRST
              + " + i, i, now() from generate_series(1, 1000) i");

      UUID id = list(sql, 10_000, "null");

      try {
        Awaitility.await()
            .atMost(Duration.ofSeconds(15))
            .until(() -> sql.texts("select state from migration").contains("completed"));
      } catch (Exception e) {
        System.err.println(e);
      }
      System.err.println(sql.texts("select row_to_json(m)::text from migration m"));
      System.err.println(
          sql.texts("select row_to_json(m)::text from migration_event m order by no"));
      System.err.println(world.witness().calls().size());
      System.err.println(pod.log());
      assertThat(id).isNotNull();
    }
  }

  /** Rows 1 to {@code rows}, every hundredth malformed, and the first ten once more. */
  static UUID list(Sql sql, int rows, String confirm) {
    UUID id = new UUID(System.currentTimeMillis() << 16, 7);
    sql.execute(
        "insert into list (until) values (null)",
        "create table list_1_row (line bigint primary key, asid bigint, cells bytea)",
        "create table list_1_id (asid bigint primary key, line bigint not null, verdict bigint, decided bigint)"
            + " with (fillfactor = 50)",
        "insert into list_1_row select i, case when i % 100 > 0 then "
            + FIRST
            + " + 1 + i % ("
            + rows
            + " - 10) end from generate_series(1, "
            + rows
            + ") i",
        "insert into migration (id, list_no, page_id, created_by, created_at, desired, state, confirm, format,"
            + " width, received, malformed) values ('"
            + id
            + "', 1, 100, 'crm', ledger_now(), 'running', 'uploading', "
            + confirm
            + ", 'csv', 1, "
            + rows
            + ", "
            + rows / 100
            + ")");
    return id;
  }
}
