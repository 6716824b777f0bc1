package org.psidgateway.migration.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.migration.work.Conserved.assertConserved;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.psidgateway.db.Transactions;
import org.psidgateway.db.lease.Lease;
import org.psidgateway.ledger.Account;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.LedgerPod;
import org.psidgateway.ledger.Ledgers;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;

/** Two pods on one database, of which one owns the migrations; each step is checked by counting. */
abstract class OneMigration {
  static final PageId PAGE = new PageId(100);

  final ShiftedClock clock = new ShiftedClock();
  final Lease lease = new Lease("migrations");
  Backing.Database database;
  DataSource dataSource;
  Sql sql;
  Transactions transactions;
  Decisions decisions;
  long fence;
  Ledgers ledgers = Ledgers.unlimited();
  LedgerPod one;
  LedgerPod two;
  Listed list;

  @BeforeEach
  void database() throws SQLException {
    database = Backing.freshDatabase();
    dataSource = clock.over(database.dataSource());
    sql = new Sql(dataSource);
    sql.execute(
        "insert into page (page_id, token_revision, token) values (100, 1, ''), (200, 1, '')");
    transactions = new Transactions(dataSource);
    decisions = new Decisions(transactions, lease);
    fence = transactions.run(lease::take).orElseThrow();
    pods(ledgers);
  }

  void pods(Ledgers like) {
    ledgers = like;
    one = like.on(dataSource, new MigrationAccounts(transactions));
    two = like.on(dataSource, new MigrationAccounts(transactions));
  }

  MigrationAccount account() {
    return new MigrationAccount(list.id(), list.no(), PAGE, "crm", fence);
  }

  Job job() throws SQLException {
    return transactions.plain(connection -> Job.all(connection, null)).stream()
        .filter(job -> job.id().equals(list.id()))
        .findFirst()
        .orElseThrow();
  }

  Ledger.Request request(Account account, long... asids) {
    return new Ledger.Request(
        UUID.randomUUID(),
        ledgers.tariff().scope(PAGE),
        Lane.BACKGROUND,
        asids,
        OneCaller.of(asids),
        Map.of(PAGE, asids),
        Set.of(),
        ledgers.tariff(),
        false,
        false,
        Duration.ofSeconds(10),
        account);
  }

  Decision reserve(Account account, long... asids) throws SQLException {
    Decision decision = one.reserve(request(account, asids));
    assertConserved(sql, list);
    return decision;
  }

  Granted granted(long... asids) throws SQLException {
    Decision decision = reserve(account(), asids);
    assertThat(decision).isInstanceOf(Granted.class);
    return (Granted) decision;
  }

  void settle(Settlement settlement) throws SQLException {
    one.settle(settlement);
    assertConserved(sql, list);
  }

  void lose(Granted granted) throws SQLException {
    settle(Settlement.uncertain(granted.call(), "timeout"));
  }

  /** The ids' claims lapse. */
  void later() {
    clock.advance(Duration.ofSeconds(30));
  }

  void joined(long[] asids, long... verdicts) throws SQLException {
    decisions.joined(job(), fence, asids, verdicts);
    assertConserved(sql, list);
  }

  /** Every id has a PSID. */
  static Settlement answer(Granted granted) {
    return answer(granted, Arrays.stream(granted.asids()).map(OneMigration::psid).toArray());
  }

  static Settlement answer(Granted granted, long... verdicts) {
    int returned = (int) LongStream.of(verdicts).filter(verdict -> verdict > 0).count();
    return Settlement.answered(
        granted.call(), Findings.of(granted.asids(), verdicts), returned, Usage.UNKNOWN);
  }

  static long psid(long asid) {
    return asid + 1_000_000;
  }

  static long[] ids(long from, long to) {
    return LongStream.rangeClosed(from, to).toArray();
  }

  void stored(long asid, long psid) {
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at) values (100, %d, %d, ledger_now())"
            .formatted(asid, psid));
  }

  /** What the diary says of its moves. */
  List<String> diary() {
    return sql.texts(
        "select concat_ws(' ', from_state, to_state, reason, by_whom) from migration_event where migration_id = '%s' order by no"
            .formatted(list.id().value()));
  }

  String state() {
    return list.text(sql, "state");
  }
}
