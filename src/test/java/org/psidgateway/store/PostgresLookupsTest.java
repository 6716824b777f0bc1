package org.psidgateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;
import org.psidgateway.ops.Workers;
import org.psidgateway.testing.Backing;
import org.psidgateway.time.Ticker;
import org.psidgateway.trace.Trace;

/**
 * Which database is asked, and for what. Another one stands for the replica, with rows that show
 * which of the two has answered.
 */
class PostgresLookupsTest {
  private static final PageId PAGE = new PageId(100);
  private static final Ticker TICKER = Ticker.system();

  private final Backing.Database database = Backing.freshDatabase();
  private final Backing.Database copy = Backing.freshDatabase();
  private final List<Lookups.Known> known = new ArrayList<>();

  @BeforeEach
  void fill() throws SQLException {
    database
        .sql()
        .execute(
            """
        insert into mapping (page_id, asid, psid, resolved_at) values
          (100, 2, 22, '2026-11-01T10:00:00.7Z'), (100, 1, 22, '2026-11-01T10:00:00.7Z')
        """);
    database
        .sql()
        .execute(
            """
        insert into negative (page_id, asid, verdict, resolved_at, checked_at)
        values (100, 4, -1, ledger_now(), ledger_now())
        """);
    copy.sql()
        .execute(
            "insert into mapping (page_id, asid, psid, resolved_at) values (100, 1, 11, now())");
  }

  @Test
  void lookUp_asksTheDatabaseAlone_whenTheReplicaIsNotUsable() {
    lookUp(lookups(database.dataSource(), replica(copy.dataSource(), false)), 1, 2, 4, 5);
    assertThat(known).hasSize(1);
    assertThat(verdicts(0)).containsExactlyInAnyOrder(22, 22, Verdict.UNMAPPED);
    assertThat(known.get(0).shareable()).isTrue();
  }

  @Test
  void lookUp_asksTheDatabase_forWhatTheReplicaLacks() {
    Replica replica = replica(copy.dataSource(), true);
    replica.upToDate(true);
    lookUp(lookups(database.dataSource(), replica), 1, 2);
    assertThat(known).extracting(Lookups.Known::shareable).containsExactly(true, true);
    assertThat(verdicts(0)).containsExactly(11);
    assertThat(verdicts(1)).containsExactly(22);
  }

  @Test
  void lookUp_keepsFromOtherPods_whatAReplicaSaysThatMayLackAChange() {
    lookUp(lookups(database.dataSource(), replica(copy.dataSource(), true)), 1, 2);
    assertThat(known).extracting(Lookups.Known::shareable).containsExactly(false, true);
  }

  @Test
  void lookUp_needsNoDatabase_whenTheReplicaKnowsAll() {
    lookUp(lookups(away(), replica(copy.dataSource(), true)), 1);
    assertThat(verdicts(0)).containsExactly(11);
  }

  @Test
  void lookUp_fails_afterReportingWhatTheReplicaKnew_whenTheDatabaseIsAway() {
    Lookups lookups = lookups(away(), replica(copy.dataSource(), true));
    assertThatThrownBy(() -> lookUp(lookups, 1, 2)).hasCauseInstanceOf(SQLException.class);
    assertThat(verdicts(0)).containsExactly(11);
  }

  @Test
  void lookUp_goesOnToTheDatabase_andAvoidsTheReplica_whenThatFails() {
    Replica replica = replica(away(), true);
    lookUp(lookups(database.dataSource(), replica), 1);
    assertThat(verdicts(0)).containsExactly(22);
    assertThat(replica.isUsable()).isFalse();
  }

  @Test
  void find_asksTheReplicaFirst_andTheDatabaseForWhatItLacks() {
    Lookups lookups = lookups(database.dataSource(), replica(copy.dataSource(), true));
    assertThat(find(lookups, 1)).extracting(Mapping::verdict).containsExactly(11L);
    assertThat(find(lookups, 4)).extracting(Mapping::verdict).containsExactly(Verdict.UNMAPPED);
    assertThat(find(lookups, 5)).isEmpty();
    assertThat(known).extracting(Lookups.Known::shareable).containsExactly(false, true);
  }

  @Test
  void findByPsid_listsByAscendingAsid_toTheSecond() {
    Instant at = Instant.parse("2026-11-01T10:00:00Z");
    assertThat(
            lookups(database.dataSource(), replica(copy.dataSource(), true))
                .findByPsid(PAGE, 22, until(), Trace.NONE)
                .await()
                .indefinitely())
        .containsExactly(
            new Mapping(PAGE, 1, 22, Source.STORE, at, at),
            new Mapping(PAGE, 2, 22, Source.STORE, at, at));
  }

  @Test
  void knownPsids_areThoseOfThePage() {
    assertThat(
            lookups(database.dataSource(), replica(copy.dataSource(), true))
                .knownPsids(PAGE, new long[] {11, 22}, until(), Trace.NONE)
                .await()
                .indefinitely())
        .containsExactly(22);
  }

  private void lookUp(Lookups lookups, long... asids) {
    lookups.lookUp(PAGE, asids, until(), Trace.NONE, known::add).await().indefinitely();
  }

  private List<Mapping> find(Lookups lookups, long asid) {
    return lookups.find(PAGE, asid, until(), Trace.NONE, known::add).await().indefinitely().stream()
        .toList();
  }

  private long[] verdicts(int part) {
    return known.get(part).findings().verdicts();
  }

  private static long until() {
    return TICKER.nanos() + Duration.ofSeconds(20).toNanos();
  }

  private static Lookups lookups(DataSource database, Replica replica) {
    return new PostgresLookups(
        Stores.on(database), replica, new Workers(2), TICKER, Duration.ofSeconds(10));
  }

  private static Replica replica(DataSource copy, boolean usable) {
    Replica replica = new Replica(copy, new ReplicaMeters(new SimpleMeterRegistry()), TICKER);
    replica.usable(usable, "the test says so");
    return replica;
  }

  private static DataSource away() {
    PGSimpleDataSource away = new PGSimpleDataSource();
    away.setPortNumbers(new int[] {1});
    return away;
  }
}
