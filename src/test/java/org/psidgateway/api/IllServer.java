package org.psidgateway.api;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.Signals;

/** What may be wrong with the PostgreSQL of a running gateway, one thing at a time. */
final class IllServer {
  private final Database database;
  private final List<Long> frozen = new ArrayList<>();
  private final Connection admin;
  private final String name;
  private Connection locked;
  private final Deque<String> cures = new ArrayDeque<>();
  private boolean healed;

  IllServer(Database database) {
    this.database = database;
    try (Connection connection = database.dataSource().getConnection()) {
      name = connection.getCatalog();
      String elsewhere = database.jdbcUrl().replaceFirst("/" + name + "(?=$|\\?)", "/template1");
      admin = DriverManager.getConnection(elsewhere, database.user(), database.password());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Connections stay open, new ones are accepted by the system, and nobody answers. */
  void freeze() {
    frozen.addAll(pids("select pid from pg_stat_activity where datname = '" + name + "'"));
    frozen.addAll(postmaster());
    frozen.forEach(pid -> Signals.send("STOP", pid));
  }

  void refuse() {
    execute("alter database " + name + " allow_connections false");
    cut();
  }

  void lockTables() {
    try {
      Connection locker = database.dataSource().getConnection();
      locker.setAutoCommit(false);
      locker
          .createStatement()
          .execute("lock table mapping, negative, page, budget, call in access exclusive mode");
      locked = locker;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A migration that went wrong, or a role that lacks a grant: refused, and no outage. */
  void loseMappings() {
    run("alter table mapping rename to mapping_elsewhere");
    cures.addFirst("alter table mapping_elsewhere rename to mapping");
  }

  /** Each look-up of mappings takes this long, and succeeds. */
  void slowDown(Duration lookUp) {
    loseMappings();
    run(
        "create view mapping as select * from mapping_elsewhere where (select pg_sleep("
            + lookUp.toSeconds()
            + ")::text) is not null");
    cures.addFirst("drop view mapping");
  }

  private void run(String sql) {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void becomeReadOnly() {
    execute("alter database " + name + " set default_transaction_read_only = on");
    cut();
  }

  void acceptWritesOnNewConnections() {
    execute("alter database " + name + " reset default_transaction_read_only");
  }

  /** Heals everything, once; harmless if all is well. */
  void heal() {
    if (healed) {
      return;
    }
    healed = true;
    frozen.forEach(pid -> Signals.send("CONT", pid));
    frozen.clear();
    execute("alter database " + name + " allow_connections true");
    acceptWritesOnNewConnections();
    try {
      if (locked != null) {
        locked.close();
      }
      cures.forEach(this::run);
      admin.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Threads that wait for PostgreSQL or for a connection to it, except the scheduler's. */
  static long threadsAtPostgres() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            stack ->
                Arrays.stream(stack)
                    .anyMatch(frame -> frame.getClassName().startsWith("io.agroal.pool.")))
        .count();
  }

  private void cut() {
    execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
  }

  private List<Long> postmaster() {
    return pids("select pg_backend_pid()").stream()
        .map(own -> ProcessHandle.of(own).orElseThrow().parent().orElseThrow().pid())
        .toList();
  }

  private void execute(String sql) {
    try (Statement statement = admin.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Long> pids(String query) {
    List<Long> pids = new ArrayList<>();
    try (Statement statement = admin.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        pids.add(rows.getLong(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return pids;
  }
}
