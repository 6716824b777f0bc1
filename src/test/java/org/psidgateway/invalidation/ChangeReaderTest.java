package org.psidgateway.invalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.Server;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;

/** Every committed row is reported, whatever else goes on in the database. */
@Beside
class ChangeReaderTest {
  private static final PageId PAGE = new PageId(100);

  private final ShiftedClock clock = new ShiftedClock();
  private final DataSource database = clock.over(Backing.freshDatabase().dataSource());
  private final Sql sql = new Sql(database);
  private final InvalidationTable table = new InvalidationTable(new Transactions(database));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Heard heard = new Heard();
  private final Heard another = new Heard();
  private final ChangeReader reader =
      new ChangeReader(table, List.of(heard, another), new InvalidationMeters(registry));

  @BeforeEach
  void begin() throws SQLException {
    reader.read();
    assertThat(heard.take()).containsExactly("anything");
    another.take();
  }

  // -------------------------------------------------------------------------------------- rows

  @Test
  void read_reportsEachKind_toEveryListener_once() throws SQLException {
    sql.execute("insert into page (page_id) values (100), (200)");
    reader.read();
    assertThat(heard.take()).containsExactly("page 100", "page 200");

    try (Connection connection = database.getConnection()) {
      table.writeMappings(connection, PAGE, new long[] {7, 8});
      table.writePerson(connection, 9);
    }
    reader.read();

    assertThat(heard.take())
        .containsExactlyInAnyOrder(
            "mapping 100 7", "mapping 100 8", "mapping 100 9", "mapping 200 9");
    assertThat(another.take()).hasSize(6);
    reader.read();
    assertThat(heard.take()).isEmpty();
    assertThat(count("page")).isEqualTo(2);
    assertThat(count("mapping")).isEqualTo(2);
    assertThat(count("person")).isEqualTo(1);
  }

  @Test
  void read_reportsARow_thatIsCommittedAfterALaterOneWasRead() throws SQLException {
    try (Connection early = begun();
        Connection late = begun()) {
      table.writeMappings(early, PAGE, new long[] {1});
      table.writeMappings(late, PAGE, new long[] {2});
      late.commit();
      reader.read();
      assertThat(heard.take()).containsExactly("mapping 100 2");
      reader.read();
      assertThat(heard.take()).as("what is read again is not reported again").isEmpty();
      // However long it takes: no transaction of ours should, and none is lost if it does.
      clock.advance(Duration.ofHours(1));
      reader.read();

      early.commit();
      reader.read();

      assertThat(heard.take()).containsExactly("mapping 100 1");
    }
    reader.read();
    reader.read();
    assertThat(heard.take()).isEmpty();
  }

  @Test
  void read_reportsARow_whoseNumberWasTakenWhileAnotherOneWasRead() throws SQLException {
    try (Connection open = begun()) {
      execute(
          open, "insert into page (page_id) values (300)"); // has its place in the order from here
      sql.execute("insert into page (page_id) values (100)");
      reader.read();
      assertThat(heard.take()).containsExactly("page 100");
      table.writeMappings(open, PAGE, new long[] {5});
      open.commit();
    }

    reader.read();

    assertThat(heard.take()).containsExactly("page 300", "mapping 100 5");
  }

  @Test
  void read_reportsMoreThanAChunk() throws SQLException {
    int many = 2 * ChangeReader.CHUNK + 1;
    try (Connection connection = database.getConnection()) {
      table.writeMappings(connection, PAGE, LongStream.rangeClosed(1, many).toArray());
    }

    reader.read();

    assertThat(heard.take()).hasSize(many).doesNotHaveDuplicates();
  }

  // ----------------------------------------------------------------------------------- crashes

  @Test
  void changeOfAPage_andItsRow_standOrFallTogether() throws SQLException {
    try (Connection crashing = begun()) {
      execute(crashing, "insert into page (page_id) values (100)");
      assertThat(number(crashing, "select count(*) from invalidation")).isEqualTo(1);
      crashing.rollback();
    }
    reader.read();
    assertThat(heard.take()).isEmpty();
    assertThat(sql.number("select count(*) from page")).isZero();

    try (Connection connection = begun()) {
      execute(connection, "insert into page (page_id) values (100)");
      connection.commit();
    }
    sql.execute("update page set paused = true");
    sql.execute("delete from page");
    reader.read();
    assertThat(heard.take()).containsExactly("page 100");
    assertThat(count("page")).isEqualTo(3);
  }

  @Test
  void mappings_areNotReported_whenTheirTransactionFails() throws SQLException {
    try (Connection crashing = begun()) {
      table.writeMappings(crashing, PAGE, new long[] {1});
      table.writePerson(crashing, 1);
    } // closed without a commit, as when a pod is killed

    reader.read();

    assertThat(heard.take()).isEmpty();
    assertThat(sql.number("select count(*) from invalidation")).isZero();
  }

  @Test
  void listenerThatFails_isCalledAgain_andKeepsNobodyElseFromHearing() throws SQLException {
    sql.execute("insert into page (page_id) values (100)");
    heard.deaf(true);
    assertThatThrownBy(reader::read).hasMessage("deaf");
    assertThat(another.take()).containsExactly("page 100");

    heard.deaf(false);
    reader.read();

    assertThat(heard.take()).containsExactly("page 100");
  }

  // -------------------------------------------------------------------------------- being away

  @Test
  void awayForLongerThanRowsAreKept_anythingMayHaveChanged() throws SQLException {
    Heard present = new Heard();
    ChangeReader otherPod = reader(present);
    sql.execute("insert into page (page_id) values (100)");
    clock.advance(InvalidationTable.KEPT.plusSeconds(1));
    otherPod.read();
    assertThat(sql.number("select count(*) from invalidation")).isZero();

    reader.read();

    assertThat(heard.take()).containsExactly("anything");
    sql.execute("update page set paused = true");
    reader.read();
    assertThat(heard.take()).containsExactly("page 100");
  }

  @Test
  void awayForLess_nothingIsLost() throws SQLException {
    ChangeReader otherPod = reader(new Heard());
    clock.advance(Duration.ofMinutes(5));
    sql.execute("insert into page (page_id) values (100)");
    clock.advance(InvalidationTable.KEPT.minusMinutes(10));
    otherPod.read();

    reader.read();

    assertThat(heard.take()).containsExactly("page 100");
  }

  @Test
  void databaseFromABackup_anythingMayHaveChanged() {
    ReadPosition now = new ReadPosition(5_000_000, 1_000_000, new Server(1, 1));

    assertThat(position(5_000_000, 1_000_001, 1, 1).follows(now)).isTrue();
    assertThat(position(4_999_999, 1_000_001, 1, 1).follows(now)).isFalse();
    assertThat(position(5_000_000, 999_000, 1, 1).follows(now)).as("a clock set back").isTrue();
    assertThat(position(6_000_000, 1_000_001, 1, 2).follows(now)).as("a fail-over").isFalse();
    assertThat(position(6_000_000, 1_000_001, 2, 2).follows(now)).as("another server").isFalse();
    assertThat(position(4_000_000, 1_000_001, 2, 1).follows(now)).as("a crash").isTrue();
    assertThat(position(3_999_999, 1_000_001, 2, 1).follows(now)).as("a backup").isFalse();
    assertThat(position(6_000_000, 2_000_000, 2, 1).follows(now)).as("a day later").isFalse();
  }

  @Test
  void restart_isReadOnFromBeforeThePosition() {
    ReadPosition now = new ReadPosition(5_000_000, 1_000_000, new Server(1, 1));

    assertThat(position(6_000_000, 1_000_001, 1, 1).from(now)).isEqualTo(5_000_000);
    assertThat(position(6_000_000, 1_000_001, 2, 1).from(now)).isEqualTo(4_000_000);
    assertThat(position(900, 1, 2, 1).from(position(925, 1, 1, 1))).isEqualTo(3);
  }

  private static ReadPosition position(long xid, long at, long startedAt, long timeline) {
    return new ReadPosition(xid, at, new Server(startedAt, timeline));
  }

  @Test
  void oldRows_areDeletedBitByBit() throws SQLException {
    try (Connection connection = database.getConnection()) {
      table.writeMappings(connection, PAGE, LongStream.rangeClosed(1, 1500).toArray());
    }
    clock.advance(Duration.ofHours(23));
    sql.execute("insert into page (page_id) values (100)");
    clock.advance(Duration.ofHours(2));

    reader.read();
    assertThat(sql.number("select count(*) from invalidation")).isEqualTo(501);
    reader.read();
    assertThat(sql.number("select count(*) from invalidation")).isEqualTo(1);
    reader.read();
    assertThat(sql.number("select count(*) from invalidation where what = 'page'")).isEqualTo(1);
  }

  private ChangeReader reader(ChangeListener listener) throws SQLException {
    ChangeReader other =
        new ChangeReader(
            table, List.of(listener), new InvalidationMeters(new SimpleMeterRegistry()));
    other.read();
    return other;
  }

  private double count(String what) {
    return registry.get("gateway.invalidations").tag("what", what).counter().count();
  }

  private Connection begun() throws SQLException {
    Connection connection = database.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private static void execute(Connection connection, String statement) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement sql = connection.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
