package org.psidgateway.invalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.Transactions;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.OrdinaryRole;
import org.psidgateway.testing.PostgresBinaries;
import org.psidgateway.testing.PostgresServer;
import org.psidgateway.testing.ReplicatedPostgres;

/** Servers that are started again, and others that take over. */
class RestartIT {
  private static final String READ_ONLY = "25006";

  private final Heard heard = new Heard();
  private final InvalidationTable table = new InvalidationTable(new Transactions(wherever()));
  private final ChangeReader reader =
      new ChangeReader(table, List.of(heard), new InvalidationMeters(new SimpleMeterRegistry()));
  private volatile Database database;

  @Test
  void serverStartedAgain_copiesStay_andWhatIsWrittenAfterwardsIsReported() throws Exception {
    try (PostgresServer server = server()) {
      database = server.newDatabase();
      reader.read();
      assertThat(heard.take()).containsExactly("anything");

      server.close();
      server.start();
      assertHearsOnceOfWhatIsWrittenNow();
    }
  }

  /**
   * What was rolled back before the crash is not known after it, and its numbers are given out
   * again.
   */
  @Test
  void serverKilled_copiesStay_andRowsWithNumbersUsedBeforeAreReported() throws Exception {
    try (PostgresServer server = server()) {
      database = server.newDatabase();
      reader.read();
      heard.take();
      rollBackMany();
      reader.read();
      assertThat(heard.take()).isEmpty();
      long before = table.here().xid();

      server.kill();
      server.start();
      assertThat(table.here().xid()).as("numbers are given once more").isLessThan(before);
      assertHearsOnceOfWhatIsWrittenNow();
    }
  }

  private void assertHearsOnceOfWhatIsWrittenNow() throws SQLException {
    database.sql().execute("insert into page (page_id) values (100)");
    reader.read();
    assertThat(heard.take()).containsExactly("page 100");
    reader.read();
    assertThat(heard.take()).isEmpty();
  }

  @Test
  void timelineUnknown_aRestartMayBeAFailOver_soAnythingMayHaveChanged() throws Exception {
    try (PostgresServer server = server()) {
      database = server.newDatabase();
      try (OrdinaryRole role = new OrdinaryRole(database)) {
        role.refuseTimeline();
        database = role.database();
        reader.read();
        reader.read();
        assertThat(heard.take()).containsExactly("anything");

        server.close();
        server.start();
        reader.read();
        reader.read();
        assertThat(heard.take()).containsExactly("anything");
      }
    }
  }

  @Test
  void standbyIsReadOnly_copiesAreForgottenOnce_andOnceMoreWhenItIsPromoted() throws Exception {
    try (ReplicatedPostgres pair = ReplicatedPostgres.own()) {
      database = pair.database();
      reader.read();
      heard.take();

      database = pair.replica();
      for (int i = 0; i < 4; i++) { // each look finds out that nothing can be written here
        assertThatThrownBy(reader::read)
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(READ_ONLY));
      }
      assertThat(heard.take()).containsExactly("anything");

      pair.handOver();
      reader.read();
      assertThat(heard.take()).as("another timeline").containsExactly("anything");
      database.sql().execute("insert into page (page_id) values (100)");
      reader.read();
      assertThat(heard.take()).containsExactly("page 100");
    }
  }

  @Test
  void primaryIsReadOnly_nothingIsForgotten_andWhatWasWrittenBeforeIsReportedOnce()
      throws Exception {
    try (PostgresServer server = server()) {
      database = server.newDatabase();
      reader.read();
      heard.take();
      database.sql().execute("insert into page (page_id) values (100)");
      database.sql().execute("alter system set default_transaction_read_only = on");
      database.sql().execute("select pg_reload_conf()");

      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(reader::read).isInstanceOf(SQLException.class);
      }

      assertThat(heard.take()).containsExactly("page 100");
    }
  }

  /** Nothing is written to disk before somebody commits. */
  private static PostgresServer server() throws IOException {
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "restarted-");
    return new PostgresServer(
        PostgresBinaries.EMBEDDED,
        home,
        true,
        Map.of("fsync", "off", "synchronous_commit", "on", "wal_writer_delay", "10s"));
  }

  private void rollBackMany() throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < 50; i++) {
        statement.execute("select pg_current_xact_id()");
        connection.rollback();
      }
    }
  }

  private DataSource wherever() {
    return (DataSource)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(database.dataSource(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
