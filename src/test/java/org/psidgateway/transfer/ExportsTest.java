package org.psidgateway.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.Fate.Status;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Verdict;
import org.psidgateway.store.MappingStore;
import org.psidgateway.store.PageView;
import org.psidgateway.store.Stores;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;
import org.psidgateway.transfer.rows.FileFormat;
import org.psidgateway.transfer.rows.Row;
import org.psidgateway.transfer.rows.RowReader;

/** All that is known of a Page, as a file, on a database of its own. */
@Beside
class ExportsTest {
  private static final PageId PAGE = new PageId(100);
  private static final PageView.Query ALL = query(Status.MAPPED, Status.UNMAPPED, Status.INVALID);
  private static final PageView.Query MAPPED = query(Status.MAPPED);

  private final ShiftedClock clock = new ShiftedClock();
  private final Backing.Database database = Backing.freshDatabase();
  private Sql sql;
  private PageView view;

  @BeforeEach
  void knowSome() {
    sql = new Sql(clock.over(database.dataSource()));
    view = Stores.view(clock.over(database.dataSource()));
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at)"
            + " select page, i, 10 * i + page, ledger_now() - interval '1 hour'"
            + " from generate_series(1, 30000) i, unnest(array[100, 116, 200]) page where i % 7 <> 0",
        "insert into negative (page_id, asid, verdict, resolved_at, checked_at)"
            + " select 100, i, case when i % 2 = 0 then -1 else -2 end,"
            + " ledger_now() - interval '2 hours', ledger_now() - interval '1 hour'"
            + " from generate_series(7, 30000, 7) i");
  }

  private static PageView.Query query(Status... statuses) {
    return new PageView.Query(PAGE, EnumSet.copyOf(List.of(statuses)), 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"CSV", "NDJSON"})
  void file_hasEveryRowOnce_byId_andProvesItself(FileFormat form) throws Exception {
    RowFormat format = form == FileFormat.CSV ? RowFormat.CSV : RowFormat.NDJSON;
    String file = file(ALL, view.settledNow(), format, 0);

    List<Row> rows = new ArrayList<>();
    List<String> columns = List.of("asid", "psid");
    long count =
        RowReader.read( // which checks the closing row
            new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)),
            new RowReader.Options(form, false, columns, false, null, 100_000, 100 << 20),
            rows::add);
    assertThat(count).isEqualTo(30_000);
    for (int i = 1; i <= 30_000; i++) {
      assertThat(rows.get(i - 1).id(0)).isEqualTo(i);
      assertThat(rows.get(i - 1).id(1)).isEqualTo(i % 7 == 0 ? 0 : 10 * i + 100);
    }
  }

  @Test
  void rows_sayWhatIsKnown() throws Exception {
    assertThat(file(ALL, view.settledNow(), RowFormat.CSV, 0))
        .startsWith("asid,psid,status\n1,110,mapped\n2,120,mapped\n")
        .contains("\n7,,invalid\n8,180,mapped\n")
        .contains("\n14,,unmapped\n")
        .containsPattern("\n#end,30000,[0-9a-f]{64}\n$");
    assertThat(file(query(Status.INVALID), view.settledNow(), RowFormat.NDJSON, 0))
        .startsWith("{\"asid\":\"7\",\"psid\":null,\"status\":\"invalid\"}\n{\"asid\":\"21\",")
        .containsPattern("\n\\{\"count\":2143,\"sha256\":\"[0-9a-f]{64}\"}\n$");
  }

  @Test
  void file_goesOnToTheSameBytes_fromAnyRow_whateverIsLearntMeanwhile() throws Exception {
    long asOf = view.settledNow();
    String whole = file(MAPPED, asOf, RowFormat.CSV, 0);
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at)"
            + " select 100, i, 1, ledger_now() from generate_series(7, 60000, 7) i");
    clock.advance(Duration.ofHours(20));
    List<String> lines = whole.lines().toList();

    for (int after : new int[] {0, 1, 9_999, 10_000, 10_001, 25_714, lines.size() - 2}) {
      String begin = after == 0 ? "" : String.join("\n", lines.subList(0, after + 1)) + "\n";
      assertThat(begin + file(MAPPED, asOf, RowFormat.CSV, after)).isEqualTo(whole);
    }
  }

  @Test
  void gzippedFile_isTheSame() throws Exception {
    long asOf = view.settledNow();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    send(stream(ALL, asOf, RowFormat.CSV, true, 0), out);

    String unpacked =
        new String(
            new GZIPInputStream(new ByteArrayInputStream(out.toByteArray())).readAllBytes(),
            StandardCharsets.UTF_8);

    assertThat(unpacked).isEqualTo(file(ALL, asOf, RowFormat.CSV, 0));
    assertThat(out.size()).isLessThan(unpacked.length() / 2);
  }

  @Test
  void file_isOfItsMoment_whateverBecomesOfNegatives() throws Exception {
    long asOf = view.settledNow();
    String whole = file(ALL, asOf, RowFormat.NDJSON, 0);
    String since =
        file(
            new PageView.Query(PAGE, ALL.statuses(), asOf - 5_000_000_000L),
            asOf,
            RowFormat.CSV,
            0);
    clock.advance(Duration.ofMinutes(5));
    MappingStore store = Stores.on(clock.over(database.dataSource()));
    write(store, 7, 5); // becomes mapped
    write(store, 14, Verdict.REJECTED); // is something else
    write(store, 21, Verdict.REJECTED); // is said once more
    write(store, 99_999, Verdict.UNMAPPED); // was not known
    clock.advance(Duration.ofMinutes(5));
    write(store, 14, 6);
    write(store, 21, Verdict.UNMAPPED);

    assertThat(file(ALL, asOf, RowFormat.NDJSON, 0)).isEqualTo(whole);
    assertThat(
            file(
                new PageView.Query(PAGE, ALL.statuses(), asOf - 5_000_000_000L),
                asOf,
                RowFormat.CSV,
                0))
        .isEqualTo(since);
    assertThat(view.stands(ALL, asOf)).isTrue();
    clock.advance(Duration.ofMinutes(1));
    assertThat(file(ALL, view.settledNow(), RowFormat.NDJSON, 0)).isNotEqualTo(whole);
  }

  private void write(MappingStore store, long asid, long verdict) throws SQLException {
    new Transactions(clock.over(database.dataSource()))
        .plain(
            connection -> {
              RoundTrip trip = RoundTrip.plain();
              store.write(trip, PAGE, Findings.of(new long[] {asid}, verdict), (at, all) -> {});
              trip.run(connection);
              return trip;
            });
  }

  @Test
  void fileThatCantBeToldToItsEnd_hasNoClosingRow() throws Exception {
    long asOf = view.settledNow();
    ExportStream stream = stream(ALL, asOf, RowFormat.CSV, false, 0);
    stream.next();
    sql.execute("insert into view_change (page_id, what) values (200, 'mapping')");
    assertThat(view.stands(MAPPED, asOf)).as("whatever happens to another Page").isTrue();
    sql.execute("insert into view_change (page_id, what) values (100, 'mapping')");

    assertThatThrownBy(() -> send(stream, new ByteArrayOutputStream()))
        .isInstanceOf(Exports.SnapshotGone.class);
    assertThat(view.stands(MAPPED, asOf)).isFalse();
  }

  @Test
  void momentOfADayAgo_orOfTheFuture_standsNoLonger() throws Exception {
    long asOf = view.settledNow();
    assertThat(view.stands(MAPPED, asOf + 60_000_000)).isFalse();
    clock.advance(PageView.KEPT.plusMinutes(1));
    assertThat(view.stands(MAPPED, asOf)).isFalse();
  }

  @Test
  void negativeThatMayBeAskedAgain_isNotKnown() throws Exception {
    clock.advance(Duration.ofDays(31));

    assertThat(file(query(Status.UNMAPPED), view.settledNow(), RowFormat.NDJSON, 0))
        .startsWith("{\"count\":0,");
  }

  @Test
  void onlyWhatIsNew_isToldIfThatIsAsked() throws Exception {
    long before = view.settledNow();
    clock.advance(Duration.ofMinutes(1));
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at) values (100, 70000, 5, ledger_now())");
    clock.advance(Duration.ofMinutes(1));

    PageView.Query since = new PageView.Query(PAGE, Set.of(Status.MAPPED), before);
    assertThat(file(since, view.settledNow(), RowFormat.CSV, 0).lines().toList().get(1))
        .isEqualTo("70000,5,mapped");
  }

  private ExportStream stream(
      PageView.Query query, long asOf, RowFormat format, boolean gzip, long after) {
    return new ExportStream(
        new PageRows(view, query, asOf, format),
        gzip,
        after,
        new TransferMeters(new SimpleMeterRegistry()));
  }

  private String file(PageView.Query query, long asOf, RowFormat format, long after)
      throws SQLException, IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    send(stream(query, asOf, format, false, after), out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void send(ExportStream stream, ByteArrayOutputStream out)
      throws SQLException, IOException {
    for (byte[] bytes = stream.next(); bytes != null; bytes = stream.next()) {
      out.writeBytes(bytes);
    }
  }
}
