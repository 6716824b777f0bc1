package org.psidgateway.api.migration;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.list.Content;
import org.psidgateway.migration.list.Lists;
import org.psidgateway.migration.list.NewList;
import org.psidgateway.testing.Sql;
import org.psidgateway.transfer.rows.FileFormat;
import org.psidgateway.transfer.rows.RowReader;

/** A migration as it is stored, on which nobody works. */
public final class SomeMigration {
  private SomeMigration() {}

  /** Of a CSV, for Page 7302; returns the number of its list. */
  public static long store(DataSource database, String id, String state, String csv)
      throws IOException, SQLException {
    Transactions transactions = new Transactions(database);
    try (NewList list = new Lists(transactions).create()) {
      Content content =
          list.read(
              new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)),
              new RowReader.Options(
                  FileFormat.CSV, false, List.of("asid"), false, null, 1_000, 1 << 20));
      transactions.run(
          connection -> {
            RoundTrip trip = RoundTrip.opening();
            list.bind(trip);
            trip.update(
                    "insert into page (page_id, token_revision, token) values (7302, 1, '')"
                        + " on conflict do nothing")
                .update("update budget set sealed_at = null") // else its owner ends it
                .update(
                    "update lease set fence = fence + 1, holder = gen_random_uuid(),"
                        + " until = ledger_now() + interval '15 seconds' where name = 'migrations'")
                .update(
                    """
                    insert into migration (id, list_no, page_id, created_by, created_at, progress, desired,
                      state, format, columns, width, received, malformed)
                    values (?, ?, 7302, 'dev', now(), 7, 'running', ?, 'csv', ?, ?, ?, ?)
                    """,
                    MigrationId.parse(id).orElseThrow().value(),
                    list.no(),
                    state,
                    content.columns() == null ? null : content.columns().toArray(String[]::new),
                    content.width(),
                    content.received(),
                    content.malformed())
                .run(connection);
            return list;
          });
      list.bound();
      return list.no();
    }
  }

  /** Removes it, with its list. */
  public static void remove(DataSource database, String id) throws SQLException {
    Sql sql = new Sql(database);
    String where = " where id = '" + MigrationId.parse(id).orElseThrow().value() + "'";
    for (long no : sql.numbers("select list_no from migration" + where)) {
      new Lists(new Transactions(database)).drop(no);
    }
    sql.execute("delete from migration" + where);
    sql.execute("update lease set holder = null, until = 'epoch' where name = 'migrations'");
  }
}
