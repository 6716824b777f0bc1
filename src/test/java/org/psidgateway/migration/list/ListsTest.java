package org.psidgateway.migration.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;
import org.psidgateway.transfer.rows.FileFormat;
import org.psidgateway.transfer.rows.RowReader;
import org.psidgateway.transfer.rows.UnreadableFile;

/** The tables of lists, on a database of their own. */
@Beside
class ListsTest {
  private static final int MIB = 1 << 20;

  private final ShiftedClock clock = new ShiftedClock();
  private final javax.sql.DataSource dataSource = clock.over(Backing.freshDatabase().dataSource());
  private final Sql sql = new Sql(dataSource);
  private final Transactions transactions = new Transactions(dataSource);
  private final Lists lists = new Lists(transactions);

  @Test
  void csv_isStoredRowByRow_asItCame() throws Exception {
    NewList list = lists.create();

    Content content =
        read(
            list,
            FileFormat.CSV,
            "name;asid;note\n"
                + "Ann;11;\"a; b\"\n"
                + "\"Bo\r\nb\";12;\"say \"\"hi\"\"\"\n"
                + "x,y;1e5;\n"
                + "Ann;11;again\n"
                + "Cy;13;a;b\n");

    assertThat(content)
        .isEqualTo(new Content(5, 2, FileFormat.CSV, List.of("name", "asid", "note"), 4));
    assertThat(rows(list.no()))
        .containsExactly(
            "2 11 Ann,11,a; b",
            "3 12 \"Bo\r\nb\",12,\"say \"\"hi\"\"\"",
            "5 null \"x,y\",1e5,",
            "6 11 Ann,11,again",
            "7 null Cy,13,a,b");
  }

  @Test
  void rowThatIsJustItsId_isKeptAsThat() throws Exception {
    assertThat(stored(FileFormat.CSV, "asid\n11\n012\n"))
        .containsExactly("2 11 null", "3 null 012");
    assertThat(stored(FileFormat.TEXT, "11\n\n 12\n")).containsExactly("1 11 null", "3 null  12");
    assertThat(stored(FileFormat.NDJSON, "\"11\"\n {\"asid\":\"12\"}\n13\n\"\\u0031\"\n"))
        .containsExactly("1 11 null", "2 12  {\"asid\":\"12\"}", "3 null 13", "4 1 \"\\u0031\"");
    assertThat(stored(FileFormat.JSON, "[\"11\",\n{ \"asid\":\n\"12\" }]"))
        .containsExactly("1 11 null", "2 12 { \"asid\": \"12\" }");
  }

  @Test
  void whateverBytesTextHas_areKept() throws Exception {
    assertThat(stored(FileFormat.TEXT, "abcd\0\\b\tä€😀\n"))
        .containsExactly("1 null abcd\0\\b\tä€😀");
    assertThat(stored(FileFormat.NDJSON, "{\"asid\":\"1\",\"x\":\"\\ud800\\u0000\"}\n"))
        .containsExactly("1 1 {\"asid\":\"1\",\"x\":\"\\ud800\\u0000\"}");
    NewList list = lists.create();
    assertThat(read(list, FileFormat.NDJSON, "{oh\n").malformed()).isEqualTo(1);
    assertThat(sql.texts("select encode(cells, 'hex') from " + ListTables.rows(list.no())))
        .containsExactly("ff7b6f68");
    Content named = read(lists.create(), FileFormat.CSV, "asid,n\0n\n1,2\n");
    assertThat(named.columns())
        .as("as an array of texts can hold it")
        .containsExactly("asid", "n\ufffdn");
  }

  @Test
  void largeList_isStoredInPieces() throws Exception {
    NewList list = lists.create();
    String many =
        LongStream.rangeClosed(1, 100_000)
            .mapToObj(i -> 1_000_000_000_000L + i + ",x\n")
            .collect(Collectors.joining());

    Content content = read(list, FileFormat.CSV, many + "y".repeat(MIB - 10) + ",z\n");

    assertThat(content).isEqualTo(new Content(100_001, 1, FileFormat.CSV, null, 2));
    assertThat(
            sql.rows("select count(*), max(line), count(asid) from " + ListTables.rows(list.no())))
        .containsExactly(new long[] {100_001, 100_001, 100_000});
  }

  @Test
  void listThatIsClosed_isGone_unlessItIsBound() throws Exception {
    NewList kept = lists.create();
    try (NewList list = lists.create()) {
      read(list, FileFormat.TEXT, "1\n");
      bind(kept);
    }
    kept.close();

    assertThat(tables()).containsExactly(ListTables.ids(kept.no()), ListTables.rows(kept.no()));
    assertThat(sql.number("select count(*) from list where until is null")).isEqualTo(1);
    clock.advance(Duration.ofDays(1));
    assertThat(lists.dropAbandoned()).isFalse();
    lists.drop(kept.no());
    assertThat(tables()).isEmpty();
    assertThat(sql.numbers("select no from list")).isEmpty();
  }

  @Test
  void listOfAProcessThatDied_isDroppedAfterHalfAMinute() throws Exception {
    NewList list = lists.create();
    read(list, FileFormat.TEXT, "1\n");
    Lists other = new Lists(transactions);
    clock.advance(Duration.ofSeconds(29));
    other.renew();
    new ListSweep(other).sweep();
    assertThat(tables()).hasSize(2);
    clock.advance(Duration.ofSeconds(2));
    new ListSweep(other).sweep();

    assertThat(tables()).isEmpty();
    assertThat(sql.numbers("select no from list")).isEmpty();
    assertThatThrownBy(() -> bind(list))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(NewList.LOST));
    assertThatThrownBy(() -> read(list, FileFormat.TEXT, "1\n"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(NewList.LOST));
    list.close();
  }

  @Test
  void slowUploader_keepsItsList() throws Exception {
    ListSweep sweep = new ListSweep(lists);
    NewList list = lists.create();
    InputStream slow =
        new SequenceInputStream(
            stream("1\n"),
            new InputStream() {
              private int left = 20;

              @Override
              public int read() {
                clock.advance(Duration.ofSeconds(10));
                sweep.renew();
                sweep.sweep();
                return left-- > 0 ? '2' : -1;
              }
            });

    Content content = list.read(slow, options(FileFormat.TEXT));
    bind(list);

    assertThat(content.received()).isEqualTo(2);
    assertThat(rows(list.no())).hasSize(2);
  }

  @Test
  void listWhoseTimeIsOver_isLost_alsoIfItIsStillThere() throws Exception {
    NewList list = lists.create();
    clock.advance(Duration.ofSeconds(31));
    lists.renew();

    assertThatThrownBy(() -> bind(list)).isInstanceOf(SQLException.class);
    list.close();
    assertThat(tables()).isEmpty();
  }

  @Test
  void fileThatCantBeRead_leavesNothing() throws Exception {
    try (NewList list = lists.create()) {
      assertThatThrownBy(() -> read(list, FileFormat.CSV, "asid\n1\n\"2"))
          .isInstanceOf(UnreadableFile.class);
    }
    assertThat(tables()).isEmpty();
  }

  @Test
  void followUp_hasTheRowsThatFit_duplicatesToo() throws Exception {
    NewList parent = lists.create();
    Content content =
        read(parent, FileFormat.CSV, "asid,n\n1,a\n2,b\n3,c\n1,d\n4,e\n5,f\nx,g\n6,h\n6,i\n7,j\n");
    decide(parent.no(), "(1, 2, 0, 1), (2, 3, 99, 1), (3, 4, -3, 1), (4, 6, -4, 1), (5, 7, -1, 1)");
    decide(parent.no(), "(6, 9, null, null)");

    assertThat(copied(parent.no(), content, EnumSet.of(View.FAILED)))
        .containsExactly("2 1 1,a", "4 3 3,c", "5 1 1,d", "6 4 4,e");
    assertThat(copied(parent.no(), content, EnumSet.of(View.NOT_ATTEMPTED)))
        .as("what was never compared, too")
        .containsExactly("9 6 6,h", "10 6 6,i", "11 7 7,j");
    assertThat(copied(parent.no(), content, EnumSet.of(View.FAILED, View.NOT_ATTEMPTED)))
        .hasSize(7);
  }

  @Test
  void longRows_areCopiedInParts() throws Exception {
    NewList parent = lists.create();
    String row = "x".repeat(MIB - 100);
    Content content =
        read(
            parent,
            FileFormat.CSV,
            LongStream.rangeClosed(1, 20)
                .mapToObj(i -> i + "," + row + "\n")
                .collect(Collectors.joining()));

    assertThat(copied(parent.no(), content, EnumSet.of(View.NOT_ATTEMPTED))).hasSize(20);
  }

  private List<String> copied(long from, Content of, Set<View> views) throws SQLException {
    NewList list = lists.create();
    Content content = list.copy(from, of, views);
    List<String> rows = rows(list.no());
    assertThat(content)
        .isEqualTo(new Content(rows.size(), 0, of.format(), of.columns(), of.width()));
    return rows;
  }

  private void decide(long no, String values) {
    sql.execute("insert into " + ListTables.ids(no) + " values " + values);
  }

  private void bind(NewList list) throws SQLException {
    transactions.run(
        connection -> {
          RoundTrip trip = RoundTrip.opening();
          list.bind(trip);
          trip.run(connection);
          return trip;
        });
    list.bound();
  }

  private List<String> stored(FileFormat format, String file) throws IOException, SQLException {
    NewList list = lists.create();
    read(list, format, file);
    return rows(list.no());
  }

  private static Content read(NewList list, FileFormat format, String file)
      throws IOException, SQLException {
    return list.read(stream(file), options(format));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static RowReader.Options options(FileFormat format) {
    return new RowReader.Options(
        format, false, List.of("asid"), false, null, 1_000_000, 512L << 20);
  }

  private List<String> rows(long no) {
    return sql.read(
        "select line, asid, cells from " + ListTables.rows(no) + " order by line",
        row -> row.getLong(1) + " " + row.getObject(2) + " " + text(row.getBytes(3)));
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private List<String> tables() {
    return sql.texts(
        "select relname from pg_class where relname ~ '^list_.*_(row|id)$' order by relname");
  }
}
