package org.psidgateway.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.OrdinaryRole;

/** Managed servers refuse to say where they are in their log, each in its own way. */
class ServerTest {
  private final Database database = Backing.freshDatabase();
  private final OrdinaryRole role = new OrdinaryRole(database);
  private final Server.Reader reader = Server.reader();
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = role.database().dataSource().getConnection();
  }

  @AfterEach
  void drop() throws SQLException {
    connection.close();
    role.close();
  }

  @Test
  void read_reportsTheTimeline_andItIsTheHistory() throws SQLException {
    Server server = reader.read(connection, RoundTrip::plain);

    assertThat(server.timeline()).isEqualTo(1);
    assertThat(server.history()).isEqualTo(1);
    assertThat(reader.read(connection, RoundTrip::plain)).isEqualTo(server);
  }

  @Test
  void read_fallsBackToTheStart_whenTheFunctionsAreRevoked() throws SQLException {
    Server reported = reader.read(connection, RoundTrip::plain);
    role.refuseTimeline();
    AtomicLong other = new AtomicLong();

    Server.Reader anew = Server.reader();
    Server server =
        anew.read(
            connection,
            () ->
                RoundTrip.plain()
                    .query(
                        "select 7",
                        row -> {
                          row.next();
                          other.set(row.getLong(1));
                        }));

    assertThat(server).isEqualTo(new Server(reported.startedAt(), -1));
    assertThat(server.history()).isEqualTo(reported.startedAt());
    assertThat(other).hasValue(7);
    assertThat(connection.getAutoCommit()).isTrue();
    assertThat(stateOfConnection()).as("no transaction is left behind").isEqualTo("idle");
  }

  @Test
  void read_asksNoMore_onceItWasRefused() throws SQLException {
    role.refuseTimeline();
    Server server = reader.read(connection, RoundTrip::plain);

    role.allowTimeline();

    assertThat(reader.read(connection, RoundTrip::plain)).isEqualTo(server);
  }

  @Test
  void read_throws_andRemembersNothing_whenItIsAnOutageOrAnotherStatement() throws SQLException {
    try (Connection closed = role.database().dataSource().getConnection()) {
      closed.close();
      assertThatThrownBy(() -> reader.read(closed, RoundTrip::plain))
          .isInstanceOf(SQLException.class);
    }
    assertThatThrownBy(
            () ->
                reader.read(
                    connection, () -> RoundTrip.plain().query("select 1 from missing", row -> {})))
        .hasMessageContaining("missing");

    assertThat(reader.read(connection, RoundTrip::plain).timeline()).isEqualTo(1);
  }

  /** As others see it. */
  private String stateOfConnection() throws SQLException {
    try (Connection observer = database.dataSource().getConnection();
        Statement statement = observer.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select state from pg_stat_activity where usename = '" + role.name() + "'")) {
      row.next();
      return row.getString(1);
    }
  }
}
