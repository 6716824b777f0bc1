package org.psidgateway.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.Outage;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Intercepted;

class SchemaIT {
  private final Backing.Database database = Backing.freshDatabase();

  @Test
  void migrate_takesItsTime_withTheConnectionsAsTheyAreConfigured() throws Exception {
    Flyway migrations = migrations("classpath:db/migration", "classpath:db/slow");

    // Another pod that starts meanwhile waits, and finds nothing to do.
    CompletableFuture<Void> another = CompletableFuture.runAsync(() -> migrate(migrations));
    migrate(migrations);
    another.get();

    assertThat(text("select string_agg(success::text, ',') from flyway_schema_history"))
        .matches("true(,true)+");
    assertThat(text("select version from flyway_schema_history order by 1 desc limit 1"))
        .isEqualTo("999");
    assertThat(
            text(
                "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and pid <> pg_backend_pid()"))
        .isEqualTo("0");
  }

  @Test
  void connections_keepWhatTheUrlSays_andHaveNoLimitButTheLocks() throws SQLException {
    execute("create schema own");
    String url = database.jdbcUrl() + "?sslmode=disable&options=-c%20search_path=own";
    new Schema(migrations("classpath:db/migration"), PoolProperties.connections(database, url))
        .migrate();

    assertThat(text("select count(*) from own.page")).isEqualTo("0");
    assertThat(text("select count(*) from own.flyway_schema_history")).isNotEqualTo("0");
  }

  /** The wait for PostgreSQL could not end otherwise. */
  @Test
  void serverThatFreezesAfterTheLogIn_isAnOutage_whenThePoolWouldHaveGivenUp() {
    int port = Integer.parseInt(database.jdbcUrl().replaceAll(".*:(\\d+)/.*", "$1"));
    try (FaultyProxy link = new FaultyProxy(port)) {
      DataSource connections =
          PoolProperties.connections(
              database, database.jdbcUrl().replace(":" + port + "/", ":" + link.port() + "/"));
      DataSource freezing =
          Intercepted.of(
              DataSource.class,
              (ask, none) -> {
                Connection connection = connections.getConnection();
                link.swallow();
                return connection;
              });

      assertThatThrownBy(() -> new Schema(migrations("classpath:db/migration"), freezing).migrate())
          .matches(Outage::is);
    }
  }

  /** As a pooler lends one session to everybody, without the options that were asked for. */
  @Test
  void limits_holdForAMigration_andLeaveASharedSessionAsItWas() throws Exception {
    Path scripts = Path.of("target", "telling-migrations");
    Files.createDirectories(scripts);
    String limits =
        "select string_agg(name || '=' || setting, ' ' order by name) as limits from pg_settings"
            + " where name in ('lock_timeout', 'statement_timeout',"
            + " 'idle_in_transaction_session_timeout')";
    Files.writeString(scripts.resolve("V997__limits.sql"), "create table limits_seen as " + limits);
    execute(
        "alter database " + text("select current_database()") + " set statement_timeout = 3210");
    List<Connection> sessions = new ArrayList<>();

    new Schema(migrations("classpath:db/migration", "filesystem:" + scripts), staysOpen(sessions))
        .migrate();

    assertThat(text("select limits from limits_seen"))
        .isEqualTo("idle_in_transaction_session_timeout=0 lock_timeout=2000 statement_timeout=0");
    assertThat(sessions).isNotEmpty();
    for (Connection session : sessions) {
      assertThat(text(session, limits)).isEqualTo(text(limits)).contains("statement_timeout=3210");
      session.close();
    }
  }

  @Test
  void migrate_names_theScriptThatFails_butNoRow() throws SQLException {
    Path scripts = Path.of("target", "failing-migrations");
    assertThatThrownBy(
            () -> {
              Files.createDirectories(scripts);
              Files.writeString(
                  scripts.resolve("V998__fails.sql"),
                  "create table doubled as select 4711::bigint as asid from generate_series(1, 2);"
                      + " create unique index on doubled (asid);");
              new Schema(
                      migrations("classpath:db/migration", "filesystem:" + scripts),
                      PoolProperties.connections(database, database.jdbcUrl()))
                  .migrate();
            })
        .satisfies(
            failure ->
                assertThat(Reason.of(failure))
                    .contains("V998__fails.sql")
                    .contains("SQL state 23505")
                    .doesNotContain("4711")
                    .doesNotContain("\n"));
  }

  @Test
  void scriptThatIsAnother_isNamed() throws SQLException {
    execute("update flyway_schema_history set checksum = 1 where version = '1'");
    assertThatThrownBy(() -> migrate(migrations("classpath:db/migration")))
        .satisfies(
            failure ->
                assertThat(Reason.of(failure))
                    .contains("checksum mismatch for migration version 1")
                    .doesNotContain("\n"));
  }

  @Test
  void olderPostgresql_isRefused() {
    assertThatCode(() -> Schema.checkVersion(15)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Schema.checkVersion(14))
        .hasMessage(
            "The gateway does not start: it needs PostgreSQL 15 or later, and this is PostgreSQL"
                + " 14");
  }

  private void migrate(Flyway migrations) {
    try {
      new Schema(migrations, PoolProperties.connections(database, database.jdbcUrl())).migrate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Flyway migrations(String... locations) {
    return Flyway.configure().locations(locations).load();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private DataSource staysOpen(List<Connection> sessions) {
    return Intercepted.of(
        DataSource.class,
        (ask, none) -> {
          Connection session = database.dataSource().getConnection();
          sessions.add(session);
          return Intercepted.of(
              Connection.class,
              (method, args) ->
                  method.getName().equals("close") ? null : method.invoke(session, args));
        });
  }

  private String text(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      return text(connection, sql);
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
