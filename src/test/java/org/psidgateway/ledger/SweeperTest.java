package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.ids;
import static org.psidgateway.ledger.Asks.request;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.OrdinaryRole;
import org.psidgateway.testing.ShiftedClock;

/** When a pod gives up what nobody settled. */
class SweeperTest {
  private static final Duration LONG_EXPIRED = Duration.ofHours(3);

  private final Database database = Backing.freshDatabase();
  private final FaultyProxy link = new FaultyProxy(database.port());
  private final ShiftedClock clock = new ShiftedClock();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // nanoTime() may overflow

  @BeforeEach
  void register() throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("insert into page (page_id, token_revision, token) values (100, 1, '')");
    }
  }

  @AfterEach
  void stop() {
    link.close();
  }

  @Test
  void outageIsOver_nothingIsSweptForALeasesTime_soThatOwnersComeFirst() throws SQLException {
    Ledger ledger = ledger(database.through(link));
    Sweeper sweeper = sweeper(ledger);
    sweeper.sweep();
    granted(ledger.reserve(request(ids(1, 3))));
    outage(sweeper);
    clock.advance(LONG_EXPIRED); // by the wall clock that would be long enough

    sweeper.sweep();
    elapse(Lease.TERM.minusNanos(1));
    sweeper.sweep();
    assertThat(ledger.quota().uncertain()).isZero();

    elapse(Duration.ofNanos(1));
    sweeper.sweep();
    assertThat(ledger.quota().uncertain()).isEqualTo(3);
  }

  @Test
  void clockIsSetBackAfterAnOutage_expiredCallsAreSweptAllTheSame() throws SQLException {
    Ledger ledger = ledger(database.through(link));
    Sweeper sweeper = sweeper(ledger);
    sweeper.sweep();
    granted(ledger.reserve(request(ids(1, 3))));
    clock.advance(LONG_EXPIRED);
    outage(sweeper);
    sweeper.sweep();

    clock.advance(Duration.ofHours(-1));
    elapse(Lease.TERM);
    sweeper.sweep();

    assertThat(ledger.quota().uncertain()).isEqualTo(3);
  }

  @Test
  void timelineIsRefused_expiredCallsAreSwept() throws SQLException {
    try (OrdinaryRole role = new OrdinaryRole(database)) {
      role.refuseTimeline();
      Ledger ledger = ledger(role.database());
      Sweeper sweeper = sweeper(ledger);
      sweeper.sweep();
      granted(ledger.reserve(request(ids(1, 3))));
      clock.advance(LONG_EXPIRED);

      sweeper.sweep();

      assertThat(ledger.quota().uncertain()).isEqualTo(3);
    }
  }

  private Ledger ledger(Database at) {
    return Ledgers.unlimited().on(clock.over(at.dataSource()), clock, Optional.empty());
  }

  private Sweeper sweeper(Ledger ledger) {
    Ledgers.Quotas quota = new Ledgers.Quotas(5_000_000, 0.01, 0.01, 0.05);
    return new Sweeper(ledger, quota, new SimpleMeterRegistry(), clock, nanos::get);
  }

  private void outage(Sweeper sweeper) {
    link.cut();
    sweeper.sweep();
    link.heal();
  }

  private void elapse(Duration by) {
    nanos.addAndGet(by.toNanos());
  }
}
