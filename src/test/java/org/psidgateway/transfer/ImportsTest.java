package org.psidgateway.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.db.Outage;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.Intercepted;
import org.psidgateway.testing.OneConnection;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;
import org.psidgateway.time.Ticker;
import org.psidgateway.transfer.ImportReport.LineProblem;
import org.psidgateway.transfer.rows.FileFormat;
import org.psidgateway.transfer.rows.UnreadableFile;

/** Pairs that are owned already, on a database of their own. */
@Beside
class ImportsTest {
  private static final PageId PAGE = new PageId(100);

  private final ShiftedClock clock = new ShiftedClock();
  private final AtomicInteger announced = new AtomicInteger();
  private DataSource dataSource;
  private Transactions transactions;
  private Sql sql;
  private Imports imports;

  @BeforeEach
  void database() {
    dataSource = clock.over(Backing.freshDatabase().dataSource());
    transactions = new Transactions(dataSource);
    sql = new Sql(dataSource);
    sql.execute("insert into page (page_id) values (100), (200)");
    imports =
        new Imports(
            transactions,
            announced::incrementAndGet,
            new TransferMeters(new SimpleMeterRegistry()),
            Ticker.system());
  }

  @Test
  void newPairs_areStored_andConflictsAreToldByLine_whileWhatIsStoredStays() throws Exception {
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at)"
            + " values (100, 1, 11, now()), (100, 2, 12, now()), (200, 3, 99, now())");

    ImportReport report = run("asid,psid\n1,11\n2,92\n3,13\n3,13\n3,14\n,15\n4,\n1e5,16\n", false);

    assertThat(report)
        .usingRecursiveComparison()
        .ignoringFields("problems")
        .isEqualTo(new ImportReport(8, 1, 2, 3, 2, List.of()));
    assertThat(report.problems())
        .extracting(LineProblem::line, LineProblem::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(3L, "conflict"),
            org.assertj.core.groups.Tuple.tuple(6L, "conflict"),
            org.assertj.core.groups.Tuple.tuple(7L, "malformed"),
            org.assertj.core.groups.Tuple.tuple(8L, "malformed"),
            org.assertj.core.groups.Tuple.tuple(9L, "malformed"));
    assertThat(mappings(100)).isEqualTo(Map.of(1L, 11L, 2L, 12L, 3L, 13L));
    assertThat(mappings(200)).isEqualTo(Map.of(3L, 99L));
    assertNothingIsStaged();
  }

  @Test
  void anAdminsPairs_replaceWhatIsStored_andEveryPodHearsOfIt_onceMoreAMinuteLater()
      throws Exception {
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at)"
            + " values (100, 1, 11, now()), (100, 2, 12, now())");

    ImportReport report = run("1,11\n2,92\n3,13\n3,14\n3,14\n", true);

    assertThat(report).isEqualTo(new ImportReport(5, 3, 2, 0, 0, List.of()));
    assertThat(mappings(100)).isEqualTo(Map.of(1L, 11L, 2L, 92L, 3L, 14L));
    assertThat(sql.numbers("select asid from invalidation where what = 'mapping' order by asid"))
        .containsExactly(2L);
    assertThat(sql.numbers("select asid from later_invalidation order by asid"))
        .containsExactly(2L);
    assertThat(sql.texts("select what from view_change order by what"))
        .containsExactly("import", "mapping");
    assertThat(announced).hasPositiveValue();
  }

  @Test
  void mapping_takesThePlaceOfANegative_andCachesHearOfIt() throws Exception {
    sql.execute(
        "insert into negative (page_id, asid, verdict, resolved_at, checked_at)"
            + " values (100, 1, -1, now(), now()), (100, 2, -2, now(), now())");

    run("1,11\n", false);

    assertThat(sql.numbers("select asid from negative")).containsExactly(2L);
    assertThat(sql.numbers("select asid from invalidation where what = 'mapping'"))
        .containsExactly(1L);
    assertThat(sql.numbers("select asid from later_invalidation")).containsExactly(1L);
    assertThat(sql.numbers("select asid from superseded_negative")).containsExactly(1L);
  }

  /** A settlement may be about to say so of an id, and caches to believe it. */
  @Test
  void negativeThatIsBeingWritten_isForgottenToo() throws Exception {
    sql.execute(
        "insert into claim (page_id, asid, call_id, lapses_at) values"
            + " (100, 1, gen_random_uuid(), now()), (0, 2, gen_random_uuid(), now()),"
            + " (200, 3, gen_random_uuid(), now())");

    run("1,11\n2,12\n3,13\n", false);

    assertThat(sql.numbers("select asid from later_invalidation order by asid"))
        .containsExactly(1L, 2L);
  }

  @Test
  void negativeThatWasWrittenMeanwhile_goes() throws Exception {
    sql.execute(
        "create function race() returns trigger language plpgsql as $$ begin"
            + " insert into negative (page_id, asid, verdict, resolved_at, checked_at)"
            + " values (100, 1, -1, now(), now()); return null; end $$",
        "create trigger race after insert on mapping for each statement execute function race()");

    run("1,11\n", false);

    assertThat(sql.numbers("select asid from negative")).isEmpty();
    assertThat(sql.numbers("select asid from later_invalidation")).containsExactly(1L);
  }

  @Test
  void slowPostgres_getsFewerLinesAtOnce() throws Exception {
    sql.execute(
        "create function slow() returns trigger language plpgsql as $$ begin"
            + " if (select count(*) from added) > 4000 then"
            + " raise exception 'canceling statement due to statement timeout' using errcode = '57014';"
            + " end if; return null; end $$",
        "create trigger slow after insert on mapping referencing new table as added"
            + " for each statement execute function slow()");

    assertThat(run(pairs(1, 30_000, 0), false).imported()).isEqualTo(30_000);
  }

  /** PostgreSQL fills a table from several places, if several sessions do. */
  @Test
  void lines_keepTheirOrder_whicheverConnectionsBringThem() throws Exception {
    List<DataSource> sessions = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sessions.add(new OneConnection(dataSource).dataSource());
    }
    AtomicInteger next = new AtomicInteger();
    Transactions rotating =
        new Transactions(
            Intercepted.of(
                DataSource.class,
                (method, args) -> sessions.get(next.incrementAndGet() % 4).getConnection()));
    Staging.Rows rows = new Staging.Rows();
    Staging staging = Staging.create(rotating, PAGE);
    for (int line = 1; line <= 400_000; line++) {
      rows.add(line, 1 + line % 1_000, line);
      if (rows.isFull() || line == 400_000) {
        rows.sendTo(staging);
      }
    }

    new Merge(transactions, staging, true, () -> {}).run(400_000);

    assertThat(mappings(100)).hasSize(1_000);
    assertThat(sql.number("select min(psid) from mapping")).isEqualTo(399_001);
    staging.drop();
  }

  @Test
  void bodyThatBreaksOff_leavesNothing() throws Exception {
    InputStream body = new SequenceInputStream(bytes(pairs(1, 60_000, 0)), new BrokenOff());

    assertThatThrownBy(() -> imports.run(PAGE, body, order(false)))
        .isInstanceOf(IOException.class)
        .hasMessage("connection reset");

    assertThat(mappings(100)).isEmpty();
    assertNothingIsStaged();
  }

  @Test
  void fileThatCantBeRead_leavesNothing() throws Exception {
    String file = pairs(1, 30_000, 0) + "7,\"8\n";

    assertThatThrownBy(() -> run(file, false)).isInstanceOf(UnreadableFile.class);

    assertThat(mappings(100)).isEmpty();
    assertNothingIsStaged();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void longFile_isMergedAsIfLineAfterLineWere(boolean replace) throws Exception {
    Random random = new Random(42);
    Map<Long, Long> model = new HashMap<>();
    List<long[]> stored = new ArrayList<>();
    for (long asid = 1; asid <= 2_000; asid++) {
      model.put(asid, 1 + random.nextLong(3));
      stored.add(new long[] {asid, model.get(asid)});
    }
    run(file(stored), false);
    List<long[]> lines =
        IntStream.range(0, 70_000) // some transactions' worth
            .mapToObj(i -> new long[] {1 + random.nextLong(4_000), 1 + random.nextLong(3)})
            .toList();
    long imported = 0;
    long conflicts = 0;
    for (long[] line : lines) {
      Long before = model.putIfAbsent(line[0], line[1]);
      if (before == null) {
        imported++;
      } else if (before != line[1]) {
        if (replace) {
          model.put(line[0], line[1]);
          imported++;
        } else {
          conflicts++;
        }
      }
    }

    ImportReport report = run(file(lines), replace);

    assertThat(report.received()).isEqualTo(70_000);
    assertThat(report.imported()).isEqualTo(imported);
    assertThat(report.conflicts()).isEqualTo(conflicts);
    assertThat(report.unchanged()).isEqualTo(70_000 - imported - conflicts);
    assertThat(mappings(100)).isEqualTo(model);
  }

  @Test
  void sameFileTwice_changesNothingTheSecondTime() throws Exception {
    assertThat(run(pairs(1, 1_000, 0), false).imported()).isEqualTo(1_000);

    assertThat(run(pairs(1, 1_000, 0), false))
        .isEqualTo(new ImportReport(1_000, 0, 1_000, 0, 0, List.of()));
  }

  @Test
  void twoFilesAtOnce_endRight() throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<CompletableFuture<ImportReport>> both = new ArrayList<>();
    for (String file : List.of(pairs(1, 60_000, 1), reversed(pairs(30_001, 90_000, 2)))) {
      both.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  start.await();
                  return run(file, false);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    start.countDown();
    ImportReport first = both.get(0).get();
    ImportReport second = both.get(1).get();

    assertThat(first.imported() + second.imported()).isEqualTo(90_000);
    assertThat(first.conflicts() + second.conflicts()).isEqualTo(30_000);
    assertThat(sql.number("select count(*) from mapping where page_id = 100")).isEqualTo(90_000);
    assertNothingIsStaged();
  }

  @Test
  void pageThatIsRemovedMeanwhile_getsNoPairs() throws Exception {
    InputStream body =
        new SequenceInputStream(
            bytes("1,11\n"),
            new InputStream() {
              @Override
              public int read() {
                sql.execute("delete from page where page_id = 100");
                return -1;
              }
            });

    assertThat(imports.run(PAGE, body, order(false))).isEmpty();

    assertThat(mappings(100)).isEmpty();
    assertNothingIsStaged();
  }

  @Test
  void stagedRows_thatARestartOfPostgresEmptied_areNotTakenForImported() throws Exception {
    InputStream body =
        new SequenceInputStream(
            bytes(pairs(1, 60_000, 0)),
            new InputStream() {
              @Override
              public int read() {
                stagingTables().forEach(name -> sql.execute("truncate " + name));
                return -1;
              }
            });

    assertThatThrownBy(() -> imports.run(PAGE, body, order(false)))
        .isInstanceOfSatisfying(
            SQLException.class, failure -> assertThat(Outage.is(failure)).isTrue());

    assertNothingIsStaged();
    assertThat(run(pairs(1, 60_000, 0), false).conflicts()).as("sent again").isZero();
    assertThat(sql.number("select count(*) from mapping where page_id = 100")).isEqualTo(60_000);
  }

  @Test
  void tableOfAPodThatDied_isDropped_andOneInUseIsNot() throws Exception {
    Staging dead = Staging.create(transactions, PAGE);
    clock.advance(Staging.KEPT.plusSeconds(1));
    Staging alive = Staging.create(transactions, PAGE);

    new StagingSweep(transactions).sweep();

    assertThat(sql.texts("select name from staging")).containsExactly(alive.name());
    assertThat(stagingTables()).containsExactly(alive.name());
    byte[] row = "1\t2\t3\n".getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> dead.copy(row, row.length)) // a pod that was only frozen
        .isInstanceOf(SQLException.class);
    alive.drop();
  }

  private static final class BrokenOff extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("connection reset");
    }
  }

  private ImportReport run(String file, boolean replace) throws Exception {
    return imports.run(PAGE, bytes(file), order(replace)).orElseThrow();
  }

  private static Imports.Order order(boolean replace) {
    return new Imports.Order(FileFormat.CSV, false, null, null, replace);
  }

  private static InputStream bytes(String file) {
    return new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8));
  }

  private static String pairs(int from, int to, int psid) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> i + "," + (i * 10L + psid) + "\n")
        .collect(Collectors.joining());
  }

  private static String reversed(String file) {
    List<String> lines = new ArrayList<>(file.lines().toList());
    java.util.Collections.reverse(lines);
    return String.join("\n", lines);
  }

  private static String file(List<long[]> lines) {
    return lines.stream().map(line -> line[0] + "," + line[1] + "\n").collect(Collectors.joining());
  }

  private Map<Long, Long> mappings(long page) {
    return sql.rows("select asid, psid from mapping where page_id = " + page).stream()
        .collect(Collectors.toMap(row -> row[0], row -> row[1]));
  }

  private void assertNothingIsStaged() {
    assertThat(sql.number("select count(*) from staging")).isZero();
    assertThat(stagingTables()).isEmpty();
  }

  private List<String> stagingTables() {
    return sql.texts(
        "select relname from pg_class where relname like 'staging\\_%' and relkind = 'r'");
  }
}
