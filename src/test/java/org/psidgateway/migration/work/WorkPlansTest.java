package org.psidgateway.migration.work;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.Transactions;
import org.psidgateway.forecast.Forecasting;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Filled;
import org.psidgateway.ledger.Ledgers;
import org.psidgateway.ledger.Plans;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.migration.FirstState;
import org.psidgateway.migration.State;
import org.psidgateway.migration.list.ListsByHand;
import org.psidgateway.store.Stores;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.Sql;
import org.psidgateway.testing.SqlRecorder;
import org.psidgateway.testing.SqlStatement;
import org.psidgateway.testing.Tariffs;

/**
 * Every statement that works on migrations finds its rows by an index, in lists that nobody has
 * ever analysed, and in large ones that were analysed when they were small.
 */
@Beside
class WorkPlansTest extends OneMigration {
  private static final int SIZE = 100_000;
  private static final int ROWS = 1_000;

  private final SqlRecorder recorder = new SqlRecorder();
  private final Map<String, List<SqlStatement>> heard = new LinkedHashMap<>();
  private final List<String> bad = new ArrayList<>();
  private final List<Long> lists = new ArrayList<>();

  @BeforeEach
  void record() throws SQLException {
    sql = new Sql(dataSource);
    list = Listed.running(dataSource, ROWS);
    lists.add(list.no());
    dataSource = recorder.over(dataSource);
    transactions = new Transactions(dataSource);
    decisions = new Decisions(transactions, lease);
    pods(Ledgers.unlimited());
    grants();
    decisions();
    list = Listed.uploaded(dataSource, ROWS);
    lists.add(list.no());
    preparation();
  }

  private interface Step {
    void run() throws SQLException;
  }

  private void doing(String what, Step step) throws SQLException {
    recorder.take();
    step.run();
    heard.put(what, recorder.take());
  }

  private void grants() throws SQLException {
    List<Granted> got = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      long[] asids = ids(1 + i * 200, 200 + i * 200);
      doing("grant", () -> got.add((Granted) one.reserve(request(account(), asids))));
    }
    doing("answered", () -> one.settle(answer(got.get(0))));
    doing("unsent", () -> one.settle(Settlement.unsent(got.get(1).call(), "late")));
    doing("lost", () -> one.settle(Settlement.uncertain(got.get(2).call(), "timeout")));
    clock.advance(Duration.ofSeconds(30));
    doing("granted again", () -> got.add((Granted) one.reserve(request(account(), ids(401, 500)))));
    doing("late answer", () -> one.settle(answer(got.get(2))));
    clock.advance(Duration.ofSeconds(30));
    doing("sweep", two::sweep);
    doing(
        "account of a dead pod's call",
        () -> new MigrationAccounts(transactions).of(list.id().value(), PAGE));
  }

  private void decisions() throws SQLException {
    List<Job> jobs = new ArrayList<>();
    doing("jobs", () -> jobs.addAll(Job.all(dataSource.getConnection(), null)));
    Job job = jobs.get(0);
    long[] some = ids(601, 900);
    doing("joined", () -> decisions.joined(job, fence, some, some));
    doing("joined, one", () -> decisions.joined(job, fence, ids(901, 901), ids(1, 1)));
    doing("fed", () -> decisions.fed(job, fence, 7));
    doing("canary", () -> new Canary(decisions).judge(job.id(), fence));
    doing("moved", () -> decisions.move(job.id(), fence, State.PAUSED, "quota_exhausted"));
    doing("concluded", () -> decisions.conclude(job.id(), fence));
    Feed feed = new Feed(transactions, Stores.on(dataSource));
    doing("fed on", () -> feed.next(job, 0, 5_000));
  }

  private void preparation() throws SQLException {
    Preparation preparation =
        new Preparation(
            decisions,
            new Comparison(Stores.on(dataSource)),
            Forecasting.on(dataSource, ledgers.limits(), Tariffs.PER_BATCH),
            new FirstState(10),
            new WorkMeters(new SimpleMeterRegistry()));
    Job job = job();
    doing("prepared", () -> preparation.run(job, fence));
  }

  @Test
  void rowsAreFoundByIndexes_whateverIsKnownOfTheTables() throws SQLException {
    Backing.Database large = Backing.freshDatabase();
    lists.forEach(no -> ListsByHand.create(large.dataSource(), no));
    try (Connection connection = large.dataSource().getConnection()) {
      Filled filled = new Filled(connection);
      filled.leaveAlone();
      filled.fill(SIZE, SIZE);
      for (long no : lists) {
        fill(large.sql(), no);
      }
      explain(connection, "never analysed");
      filled.analyze();
      explain(connection, "analysed");
    }
    assertThat(heard.values().stream().flatMap(List::stream).filter(WorkPlansTest::isOurs))
        .hasSizeGreaterThan(40);
    assertThat(bad).isEmpty();
  }

  private void fill(Sql into, long no) {
    into.execute(
        "insert into list_%d_row (line, asid) select i, i from generate_series(1, %d) i"
            .formatted(no, SIZE),
        "insert into list_%d_id (asid, line) select i, i from generate_series(1, %d) i"
            .formatted(no, SIZE),
        """
        insert into migration (id, list_no, page_id, created_by, created_at, desired, state, format, width,
                               received, malformed, finished_at)
        select gen_random_uuid(), 1000 + i, 100, 'crm', ledger_now(), 'running', 'completed', 'text', 1, 0, 0,
               ledger_now()
          from generate_series(1, 2000) i
        """,
        """
        insert into claim (page_id, asid, call_id, lapses_at)
        select 100, %d * 10000000 + i, gen_random_uuid(), 'infinity' from generate_series(1, 20000) i
        """
            .formatted(no));
  }

  private void explain(Connection connection, String state) throws SQLException {
    for (Map.Entry<String, List<SqlStatement>> one : heard.entrySet()) {
      List<SqlStatement> settings =
          one.getValue().stream().filter(SqlStatement::setting).distinct().toList();
      Plans plans = new Plans(connection, settings);
      for (SqlStatement statement : one.getValue()) {
        if (isOurs(statement)) {
          for (Plans.Kind kind : Plans.Kind.values()) {
            JsonNode plan = plans.of(statement, kind);
            tables()
                .filter(table -> Plans.reads(plan, table))
                .map(
                    table ->
                        "%s, %s, %s reads all of %s: %s"
                            .formatted(one.getKey(), state, kind, table, statement.head()))
                .forEach(bad::add);
          }
        }
      }
    }
  }

  /** The ledger's own ones are listened to elsewhere. */
  private static boolean isOurs(SqlStatement statement) {
    return statement.planned()
        && (statement.text().contains("list_") || statement.text().contains("migration"));
  }

  private Stream<String> tables() {
    return Stream.concat(
        Stream.of("claim", "call", "mapping", "negative", "migration", "migration_event"),
        lists.stream()
            .flatMap(no -> Stream.of("list_%d_id".formatted(no), "list_%d_row".formatted(no))));
  }
}
