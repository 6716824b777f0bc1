package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Fills a database as a year's work would, and keeps statistics from it or gives them to it. */
public final class Filled {
  /** Half of what is known is of one Page. */
  private static final String PAGE =
      "case when i % 2 = 0 then 100 else 100 + 100 * (i / 2 % 19 + 1) end";

  private final Connection connection;

  public Filled(Connection connection) {
    this.connection = connection;
  }

  /** From now on there are statistics only where somebody asks for them. */
  public void leaveAlone() throws SQLException {
    for (String table : tables()) {
      execute("alter table " + table + " set (autovacuum_enabled = false)");
    }
  }

  public void fill(int mappings, int calls) throws SQLException {
    execute(
        "insert into page (page_id, token_revision, token, fans)"
            + " select 100 * i, 1, '', 1000000 from generate_series(1, 20) i");
    execute(
        "insert into mapping (page_id, asid, psid, resolved_at) select "
            + PAGE
            + ", i, i + 1000000000, ledger_now() from generate_series(1, %d) i"
                .formatted(mappings));
    execute(
        "insert into negative (page_id, asid, verdict, resolved_at, checked_at) select "
            + PAGE
            + ", i, -1, ledger_now(), ledger_now() from generate_series(%d, %d) i"
                .formatted(mappings + 1, mappings + 10_000));
    calls(calls);
    execute(
        "insert into claim (page_id, asid, call_id, lapses_at) select 100, i, call_id, 'infinity'"
            + " from call, generate_series(1000000 + 200 * grant_no, 1000199 + 200 * grant_no) i"
            + " where state = 'granted'");
    execute(
        "insert into invalidation (what, page_id, asid)"
            + " select 'mapping', 100, i from generate_series(1, 5000) i");
  }

  /** One every 18 seconds, as the usual pace has it; five are under way. */
  private void calls(int calls) throws SQLException {
    // The pace counts by the time at which a call arrives at the latest.
    boolean arrival = column("call", "arrives_by");
    execute(
        """
        insert into call (call_id, page_id, lane, state, grant_no, isolation, retry, asked, returned,
                          granted_at, expires_at, settled_at%s)
        select gen_random_uuid(), %s, 'INTERACTIVE',
               case when i > %d - 5 then 'granted' when i %% 1000 = 0 then 'uncertain' else 'settled' end,
               i, i %% 500 = 0, i %% 20 = 0, 200, 198, at, at + interval '15 seconds', at%s
          from (select i, ledger_now() - (%d - i) * interval '18 seconds' as at
                  from generate_series(1, %d) i) made
        """
            .formatted(
                arrival ? ", arrives_by" : "",
                PAGE,
                calls,
                arrival ? ", at + interval '100 milliseconds'" : "",
                calls,
                calls));
    execute("update budget set grants = " + calls + ", held = 1000");
  }

  public void analyze() throws SQLException {
    execute("analyze");
  }

  /** As after a restore. */
  void forgetStatistics() throws SQLException {
    execute(
        """
        delete from pg_statistic where starelid in (
          select oid from pg_class where relnamespace = 'public'::regnamespace)
        """);
    execute(
        """
        update pg_class set reltuples = -1, relpages = 0, relallvisible = 0
         where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'i', 'I')
        """);
  }

  private List<String> tables() throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select oid::regclass::text from pg_class"
                    + " where relkind = 'r' and relnamespace = 'public'::regnamespace")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  private boolean column(String table, String name) throws SQLException {
    try (ResultSet columns = connection.getMetaData().getColumns(null, "public", table, name)) {
      return columns.next();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
