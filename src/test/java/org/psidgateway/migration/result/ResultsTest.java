package org.psidgateway.migration.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.psidgateway.db.Transactions;
import org.psidgateway.migration.list.Content;
import org.psidgateway.migration.list.ListTables;
import org.psidgateway.migration.list.Lists;
import org.psidgateway.migration.list.NewList;
import org.psidgateway.migration.list.View;
import org.psidgateway.migration.result.Results.Result;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.Sql;
import org.psidgateway.transfer.Exports;
import org.psidgateway.transfer.Files;
import org.psidgateway.transfer.RowSource;
import org.psidgateway.transfer.rows.FileFormat;
import org.psidgateway.transfer.rows.Row;
import org.psidgateway.transfer.rows.RowReader;

/** What became of the rows of lists, on a database of their own. */
@Beside
class ResultsTest {
  private static final String END_CSV = "#end,%d,[0-9a-f]{64}%s\n";

  private final DataSource dataSource = Backing.freshDatabase().dataSource();
  private final Sql sql = new Sql(dataSource);
  private final Lists lists = new Lists(new Transactions(dataSource));
  private final Results results = new Results(new Transactions(dataSource), Files.over(dataSource));

  private final Random random = new Random(7);
  private long no;
  private Content content;

  @Test
  void csv_keepsItsColumns_andGetsThreeMore() throws Exception {
    store(
        FileFormat.CSV,
        """
        status;asid;note;asid of Ann
        ok;11;"a; ""b"", c
        d";
        ;12
        x;77x;y,z
        ok;11;again;
        ok;13;;
        ok;14;;
        ok;15;;
        ok;16;;
        """);
    decide("(11, 2, 911, 1), (12, 4, -1, 1), (13, 7, -2, 2), (14, 8, -3, 2), (15, 9, 0, 2)");
    decide("(16, 10, null, null)");

    assertThat(file(ended(View.ORIGINAL), FileFormat.CSV))
        .startsWith(
            """
            status,asid,note,asid of Ann,psid,gateway_status,reason
            ok,11,"a; ""b"", c
            d",,911,mapped,
            ,12,,,,unmapped,not_returned_by_upstream
            x,77x,"y,z",,,invalid,malformed
            ok,11,again,,911,mapped,
            ok,13,,,,invalid,rejected_by_upstream
            ok,14,,,,failed,refused_alone
            ok,15,,,,failed,upstream_unavailable
            ok,16,,,,not_attempted,
            """)
        .containsPattern(END_CSV.formatted(8, ",,,,") + "$");
    assertThat(data(ended(View.ORIGINAL), FileFormat.NDJSON))
        .startsWith(
            "{\"status\":\"ok\",\"asid\":\"11\",\"note\":\"a; \\\"b\\\", c\\u000ad\",\"asid of Ann\":\"\","
                + "\"psid\":\"911\",\"gateway_status\":\"mapped\",\"reason\":null}",
            "{\"status\":\"\",\"asid\":\"12\",\"note\":\"\",\"asid of Ann\":\"\",\"psid\":null,"
                + "\"gateway_status\":\"unmapped\",\"reason\":\"not_returned_by_upstream\"}");
  }

  @Test
  void viewsButTheOriginal_haveEachIdOnce_whereItCameFirst() throws Exception {
    store(FileFormat.CSV, "asid,n\n1,a\n2,b\n1,c\nx,d\n3,e\n4,f\n5,g\n2,h\n6,i\n6,j\n7,k\n");
    decide("(1, 2, 91, 1), (2, 3, -1, 1), (3, 6, -2, 1), (4, 7, -3, 1), (5, 8, 0, 1)");
    decide("(6, 10, null, null)");

    assertThat(data(ended(View.MAPPED), FileFormat.CSV)).containsExactly("1,a,91,mapped,");
    assertThat(data(ended(View.UNMAPPED), FileFormat.CSV))
        .containsExactly("2,b,,unmapped,not_returned_by_upstream");
    assertThat(data(ended(View.INVALID), FileFormat.CSV))
        .containsExactly("x,d,,invalid,malformed", "3,e,,invalid,rejected_by_upstream");
    assertThat(data(ended(View.FAILED), FileFormat.CSV))
        .containsExactly("4,f,,failed,refused_alone", "5,g,,failed,upstream_unavailable");
    assertThat(data(ended(View.NOT_ATTEMPTED), FileFormat.CSV))
        .as("7 was never compared with anything")
        .containsExactly("6,i,,not_attempted,", "7,k,,not_attempted,");

    assertThat(data(running(View.FAILED, 1), FileFormat.CSV))
        .containsExactly("4,f,,failed,refused_alone");
    assertThat(data(running(View.NOT_ATTEMPTED, 1), FileFormat.CSV))
        .containsExactly("5,g,,pending,queued", "6,i,,pending,queued");
  }

  @Test
  void listThatIsBeingCompared_isAllPending() throws Exception {
    store(FileFormat.TEXT, "1\nx\n1\n");
    decide("(1, 1, 91, 0)");

    assertThat(data(running(View.ORIGINAL, ListView.BEFORE_IDS), FileFormat.CSV))
        .containsExactly("1,,pending,queued", "x,,invalid,malformed", "1,,pending,queued");
    assertThat(data(running(View.NOT_ATTEMPTED, ListView.BEFORE_IDS), FileFormat.CSV)).isEmpty();
    assertThat(data(running(View.MAPPED, ListView.BEFORE_IDS), FileFormat.CSV)).isEmpty();
    assertThat(data(running(View.MAPPED, 0), FileFormat.CSV)).hasSize(1);
  }

  @Test
  void csvWithoutAHeader_staysSo() throws Exception {
    store(FileFormat.CSV, "1,a\n2\n3\n");
    decide("(1, 1, 91, 1), (2, 2, 92, 1), (3, 3, 93, 1)");

    assertThat(file(ended(View.ORIGINAL), FileFormat.CSV))
        .matches("1,a,91,mapped,\n2,,92,mapped,\n3,,93,mapped,\n" + END_CSV.formatted(3, ",,"));
    assertThat(data(ended(View.ORIGINAL), FileFormat.NDJSON))
        .containsExactly(
            "{\"cells\":[\"1\",\"a\"],\"psid\":\"91\",\"status\":\"mapped\",\"reason\":null}",
            "{\"cells\":[\"2\"],\"psid\":\"92\",\"status\":\"mapped\",\"reason\":null}",
            "{\"cells\":[\"3\"],\"psid\":\"93\",\"status\":\"mapped\",\"reason\":null}");
  }

  @Test
  void text_hasOneColumn() throws Exception {
    store(FileFormat.TEXT, "1\na,\"b\\\t\n");
    decide("(1, 1, 91, 1)");

    assertThat(file(ended(View.ORIGINAL), FileFormat.CSV))
        .startsWith("asid,psid,status,reason\n1,91,mapped,\n\"a,\"\"b\\\t\",,invalid,malformed\n");
    assertThat(data(ended(View.ORIGINAL), FileFormat.NDJSON))
        .containsExactly(
            "{\"asid\":\"1\",\"psid\":\"91\",\"status\":\"mapped\",\"reason\":null}",
            "{\"asid\":\"a,\\\"b\\\\\\u0009\",\"psid\":null,\"status\":\"invalid\","
                + "\"reason\":\"malformed\"}");
  }

  @Test
  void jsonItems_leaveAsTheyCame() throws Exception {
    store(
        FileFormat.NDJSON,
        """
        "1"
         {"asid":"2","n":1.50e+3,"status":"\\ud800"}\s
        {}
        {"asid":"3","ps\\u0069d":[{"reason":1}],"gateway_psid":0}
        4
        {oh
        """);
    decide("(1, 1, 91, 1), (2, 2, 92, 1), (3, 4, -1, 1)");
    String malformed = "\"psid\":null,\"status\":\"invalid\",\"reason\":\"malformed\"}";

    assertThat(data(ended(View.ORIGINAL), FileFormat.NDJSON))
        .containsExactly(
            "{\"item\":\"1\",\"psid\":\"91\",\"status\":\"mapped\",\"reason\":null}",
            " {\"asid\":\"2\",\"n\":1.50e+3,\"status\":\"\\ud800\",\"psid\":\"92\","
                + "\"gateway_status\":\"mapped\",\"reason\":null}",
            "{" + malformed,
            "{\"asid\":\"3\",\"ps\\u0069d\":[{\"reason\":1}],\"gateway_psid\":0,"
                + "\"gateway_psid_2\":null,\"status\":\"unmapped\","
                + "\"reason\":\"not_returned_by_upstream\"}",
            "{\"item\":4," + malformed,
            "{\"item\":\"{oh\"," + malformed);
    assertThat(file(ended(View.ORIGINAL), FileFormat.CSV))
        .startsWith(
            "item,psid,status,reason\n1,91,mapped,\n"
                + "\" {\"\"asid\"\":\"\"2\"\",\"\"n\"\":1.50e+3,\"\"status\"\":\"\"\\ud800\"\"} \",92,mapped,\n"
                + "{},,invalid,malformed\n")
        .contains("\n4,,invalid,malformed\n{oh,,invalid,malformed\n#end,6,");
  }

  @Test
  void jsonArray_leavesALineAnItem() throws Exception {
    store(FileFormat.JSON, "[\"1\",\n{\"asid\":\n\"2\",\r\n\"a\": \"b\\n\"}]");
    decide("(1, 1, 91, 1)");

    assertThat(data(ended(View.ORIGINAL), FileFormat.NDJSON))
        .containsExactly(
            "{\"item\":\"1\",\"psid\":\"91\",\"status\":\"mapped\",\"reason\":null}",
            "{\"asid\": \"2\",  \"a\": \"b\\n\",\"psid\":null,\"status\":\"not_attempted\","
                + "\"reason\":null}");
  }

  @Test
  void names_areDistinct() throws Exception {
    store(FileFormat.CSV, "asid,psid,gateway_psid,x,x,x_2\n1,2,3,4,5,6,\n");

    assertThat(file(ended(View.ORIGINAL), FileFormat.CSV))
        .startsWith("asid,psid,gateway_psid,x,x,x_2,,gateway_psid_2,status,reason\n1,2,3,4,5,6,,,");
    assertThat(data(ended(View.ORIGINAL), FileFormat.NDJSON))
        .containsExactly(
            "{\"asid\":\"1\",\"psid\":\"2\",\"gateway_psid\":\"3\",\"x\":\"4\",\"x_3\":\"5\","
                + "\"x_2\":\"6\",\"column_7\":\"\",\"gateway_psid_2\":null,"
                + "\"status\":\"not_attempted\",\"reason\":null}");
  }

  /** As {@code paste} would put the file and its results side by side. */
  @Test
  void everyRow_standsWhereItStood_withAllItsCells() throws Exception {
    String file =
        "a,asid,b\n"
            + LongStream.range(0, 25_000).mapToObj(i -> row()).collect(Collectors.joining());
    List<Row> came = new ArrayList<>();
    RowReader.read(stream(file), options(FileFormat.CSV, "asid"), came::add);
    store(FileFormat.CSV, file);
    sql.execute(
        "insert into %s select asid, min(line), case when asid %% 3 = 0 then -1 else 1000 + asid end, 1"
                .formatted(ListTables.ids(no))
            + " from %s where asid is not null group by asid".formatted(ListTables.rows(no)));

    List<Row> left = new ArrayList<>();
    RowReader.read(
        stream(file(ended(View.ORIGINAL), FileFormat.CSV)), // which checks the closing row
        options(FileFormat.CSV, "asid"),
        left::add);

    assertThat(left).hasSameSizeAs(came);
    for (int i = 0; i < came.size(); i++) {
      List<String> cells = new ArrayList<>(came.get(i).cells());
      while (cells.size() < content.width()) {
        cells.add("");
      }
      long asid = came.get(i).id(0);
      cells.addAll(
          asid == 0
              ? List.of("", "invalid", "malformed")
              : asid % 3 == 0
                  ? List.of("", "unmapped", "not_returned_by_upstream")
                  : List.of(String.valueOf(1000 + asid), "mapped", ""));
      assertThat(left.get(i).cells()).isEqualTo(cells);
    }
  }

  private String row() {
    String id = random.nextInt(20) == 0 ? "1e5" : String.valueOf(1 + random.nextInt(5_000));
    String cell = List.of("", "x", "\"a,\"\"b\n\"", "ä😀", " ").get(random.nextInt(5));
    return cell + "," + id + (random.nextBoolean() ? "," + cell + "\n" : "\n");
  }

  @ParameterizedTest
  @EnumSource(names = {"CSV", "NDJSON"})
  void fileThatBrokeOff_goesOnToTheSameBytes_whateverIsDecidedMeanwhile(FileFormat form)
      throws Exception {
    store(
        FileFormat.CSV,
        "asid,n\n"
            + LongStream.range(0, 30_000)
                .mapToObj(i -> i % 7_000 + 1 + ",\"a,b\"\n")
                .collect(Collectors.joining()));
    sql.execute(
        "insert into %s select i, i + 1, case when i %% 5 = 0 then null when i %% 7 = 0 then 0 else i end, 3"
                .formatted(ListTables.ids(no))
            + " from generate_series(1, 7000) i");
    for (View view : View.values()) {
      ListView asked = running(view, 3);
      String whole = file(asked, form);
      sql.execute(
          "update %s set verdict = 5, decided = 4 where asid %% 3 = 0 and (verdict is null or verdict = 0)"
              .formatted(ListTables.ids(no)));
      assertThat(file(asked, form)).isEqualTo(whole);
      for (int cuts = 0; cuts < 3; cuts++) {
        assertThat(rejoined(asked.at(asked.moment()), form, whole)).isEqualTo(whole);
      }
      sql.execute(
          "update %s set verdict = case when asid %% 5 = 0 then null else 0 end, decided = 3 where decided = 4"
              .formatted(ListTables.ids(no)));
    }
  }

  /** Cut at any byte: the rows that are whole are kept, and the others asked for. */
  private String rejoined(ListView view, FileFormat form, String whole) throws Exception {
    int end = whole.lastIndexOf('\n', whole.length() - 2) + 1; // before the closing row
    String kept = whole.substring(0, random.nextInt(end + 1));
    kept = kept.substring(0, kept.lastIndexOf('\n') + 1);
    long rows = kept.lines().count() - (form == FileFormat.CSV ? 1 : 0);
    return rows <= 0 ? file(view, form) : kept + file(view, form, false, rows);
  }

  @Test
  void whatIsDecidedLater_isPending_inAFileThatHasBegun() throws Exception {
    store(FileFormat.TEXT, "1\n2\n3\n");
    decide("(1, 1, 91, 1), (2, 2, 92, 2), (3, 3, 0, 1)");

    assertThat(data(running(View.ORIGINAL, 1), FileFormat.CSV))
        .containsExactly("1,91,mapped,", "2,,pending,queued", "3,,pending,queued");
    assertThat(data(running(View.MAPPED, 1), FileFormat.CSV)).containsExactly("1,91,mapped,");
    assertThat(data(running(View.NOT_ATTEMPTED, 1), FileFormat.CSV)).hasSize(2);
    assertThat(data(new ListView(no, content, View.ORIGINAL, true, 1), FileFormat.CSV))
        .containsExactly("1,91,mapped,", "2,,not_attempted,", "3,,failed,upstream_unavailable");
  }

  @Test
  void erasedPerson_losesIdAndColumns_andEndsFilesOfBefore() throws Exception {
    store(FileFormat.CSV, "n,asid\nAnn,1\nBo,2\nAnn,1\n");
    decide("(1, 2, -4, 5), (2, 3, 92, 1)");

    assertThat(data(running(View.ORIGINAL, 5), FileFormat.CSV))
        .containsExactly(",,,failed,erased", "Bo,2,92,mapped,", ",,,failed,erased");
    assertThat(data(running(View.FAILED, 5), FileFormat.NDJSON))
        .containsExactly(
            "{\"n\":\"\",\"asid\":\"\",\"psid\":null,\"status\":\"failed\",\"reason\":\"erased\"}");
    assertThat(results.page(running(View.ORIGINAL, 5).now(), 0, 10).results().get(0))
        .isEqualTo(new Result(2, 0, 0, "failed", "erased"));
    for (View view : View.values()) {
      assertThatThrownBy(() -> file(running(view, 4), FileFormat.CSV))
          .isInstanceOf(Exports.SnapshotGone.class);
    }
  }

  @Test
  void listThatIsDropped_endsItsFiles() throws Exception {
    store(FileFormat.TEXT, many(25_000));
    RowSource begun = results.source(ended(View.ORIGINAL), FileFormat.CSV);
    RowSource read = results.source(ended(View.MAPPED), FileFormat.CSV);
    assertThat(begun.next(0).count()).isEqualTo(10_000);
    while (!read.next(0).end()) {
      assertThat(read.stands()).isTrue();
    }
    lists.drop(no);

    assertThatThrownBy(() -> begun.next(0)).isInstanceOf(Exports.SnapshotGone.class);
    assertThat(read.stands()).isFalse();
    assertThatThrownBy(() -> file(ended(View.ORIGINAL), FileFormat.CSV))
        .isInstanceOf(Exports.SnapshotGone.class);
    assertThatThrownBy(() -> results.page(ended(View.ORIGINAL), 0, 10))
        .isInstanceOf(Exports.SnapshotGone.class);
  }

  @Test
  void rowsThatAreFilledUp_orLong_comeInSmallPieces() throws Exception {
    String wide = ",".repeat(200_000);
    store(FileFormat.CSV, "1" + wide + "\n" + many(400) + "2," + "x".repeat(900_000) + "\n");
    RowSource source = results.source(ended(View.ORIGINAL), FileFormat.CSV);
    long rows = 0;
    boolean end = false;
    while (!end) {
      RowSource.Rows some = source.next(0);
      assertThat(some.length()).isLessThan(10 << 20);
      rows += some.count();
      end = some.end();
    }
    assertThat(rows).isEqualTo(402);
  }

  @Test
  void longRows_areReadAFewAtATime() throws Exception {
    store(FileFormat.CSV, ("1," + "x".repeat(900_000) + "\n").repeat(20));
    ListRows rows = new ListRows(new Transactions(dataSource));
    ListRows.Reach reach = new ListRows.Reach(1_000, 4 << 20, 1_001, true);
    List<Integer> sizes = new ArrayList<>();
    ListRows.Part part = rows.read(ended(View.ORIGINAL), 0, reach);
    sizes.add(part.rows().size());
    while (!part.end()) {
      part = rows.read(ended(View.ORIGINAL), part.last(), reach);
      sizes.add(part.rows().size());
    }

    assertThat(sizes).containsExactly(5, 5, 5, 5);
    assertThat(rows.read(ended(View.ORIGINAL), 0, new ListRows.Reach(9, 1, 10, true)).rows())
        .as("one at least")
        .hasSize(1);
  }

  @Test
  void gzippedFile_isTheSame() throws Exception {
    store(FileFormat.TEXT, many(12_000));
    byte[] packed = bytes(ended(View.ORIGINAL), FileFormat.CSV, true, 0);

    assertThat(
            new String(
                new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes(),
                StandardCharsets.UTF_8))
        .isEqualTo(file(ended(View.ORIGINAL), FileFormat.CSV));
  }

  @Test
  void pages_areReadOneAfterTheOther() throws Exception {
    store(FileFormat.TEXT, "1\nx\n1\n2\n3\n");
    decide("(1, 1, 91, 1), (2, 4, 0, 1), (3, 5, null, null)");

    Results.Page first = results.page(running(View.ORIGINAL, 1).now(), 0, 2);
    assertThat(first.results())
        .containsExactly(
            new Result(1, 1, 91, "mapped", null), new Result(2, 0, 0, "invalid", "malformed"));
    Results.Page second = results.page(running(View.ORIGINAL, 1).now(), first.next(), 3);
    assertThat(second)
        .isEqualTo(
            new Results.Page(
                List.of(
                    new Result(3, 1, 91, "mapped", null),
                    new Result(4, 2, 0, "pending", "upstream_unavailable"),
                    new Result(5, 3, 0, "pending", "queued")),
                0));
    assertThat(results.page(running(View.NOT_ATTEMPTED, 1).now(), 0, 1).next()).isEqualTo(4);
    assertThat(results.page(running(View.MAPPED, 1).now(), 0, 1).next()).isZero();
  }

  @Test
  void pageOfALargeListWithFewFittingRows_isShort_andLeadsOn() throws Exception {
    store(FileFormat.TEXT, many(50_000));
    decide("(45000, 45000, 91, 1)");
    List<Long> seen = new ArrayList<>();
    int pages = 0;
    long next = 0;
    do {
      Results.Page page = results.page(ended(View.MAPPED), next, 10);
      page.results().forEach(result -> seen.add(result.asid()));
      next = page.next();
      pages++;
    } while (next > 0);

    assertThat(seen).containsExactly(45_000L);
    assertThat(pages).isEqualTo(3);
  }

  private static String many(int rows) {
    return LongStream.rangeClosed(1, rows).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }

  private void store(FileFormat format, String file) throws IOException, SQLException {
    NewList list = lists.create();
    content = list.read(stream(file), options(format, "asid"));
    no = list.no();
  }

  private void decide(String values) {
    sql.execute("insert into " + ListTables.ids(no) + " values " + values);
  }

  private ListView ended(View view) {
    return new ListView(no, content, view, true, 9);
  }

  private ListView running(View view, long asOf) {
    return new ListView(no, content, view, false, asOf);
  }

  /** The rows of a file whose cells have no line breaks. */
  private List<String> data(ListView view, FileFormat form) throws Exception {
    List<String> lines = file(view, form).lines().toList();
    boolean header = form == FileFormat.CSV && file(view, form).startsWith(header(view));
    return lines.subList(header && !header(view).isEmpty() ? 1 : 0, lines.size() - 1);
  }

  private String header(ListView view) {
    return new String(results.source(view, FileFormat.CSV).header(), StandardCharsets.UTF_8);
  }

  private String file(ListView view, FileFormat form) throws IOException, SQLException {
    return file(view, form, false, 0);
  }

  private String file(ListView view, FileFormat form, boolean gzip, long after)
      throws IOException, SQLException {
    return new String(bytes(view, form, gzip, after), StandardCharsets.UTF_8);
  }

  private byte[] bytes(ListView view, FileFormat form, boolean gzip, long after)
      throws IOException, SQLException {
    return Files.bytes(results.source(view, form), gzip, after);
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static RowReader.Options options(FileFormat format, String column) {
    return new RowReader.Options(
        format, false, List.of(column), false, null, 1_000_000, 512L << 20);
  }
}
