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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.books.Books;
import org.psidgateway.db.lease.Lease;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.ManualTicker;
import org.psidgateway.testing.OrdinaryRole;
import org.psidgateway.testing.ShiftedClock;

/** When a pod gives up what nobody settled. */
class SweeperTest {
  private static final Duration LONG_EXPIRED = Duration.ofHours(3);

  private final Database database = Backing.freshDatabase();
  private final FaultyProxy link = new FaultyProxy(database.port());
  private final ShiftedClock clock = new ShiftedClock();
  private final ManualTicker ticker = new ManualTicker();
  private final Books books = Ledgers.unlimited().books(database.dataSource(), clock);

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
    LedgerPod ledger = ledger(database.through(link));
    Sweeper sweeper = sweeper(ledger);
    sweeper.sweep();
    granted(ledger.reserve(request(ids(1, 3))));
    outage(sweeper);
    clock.advance(LONG_EXPIRED); // by the wall clock that would be long enough

    sweeper.sweep();
    ticker.advance(Lease.TERM.minusNanos(1));
    sweeper.sweep();
    assertThat(books.quota().uncertain()).isZero();

    ticker.advance(Duration.ofNanos(1));
    sweeper.sweep();
    assertThat(books.quota().uncertain()).isEqualTo(3);
  }

  @Test
  void clockIsSetBackAfterAnOutage_expiredCallsAreSweptAllTheSame() throws SQLException {
    LedgerPod ledger = ledger(database.through(link));
    Sweeper sweeper = sweeper(ledger);
    sweeper.sweep();
    granted(ledger.reserve(request(ids(1, 3))));
    clock.advance(LONG_EXPIRED);
    outage(sweeper);
    sweeper.sweep();

    clock.advance(Duration.ofHours(-1));
    ticker.advance(Lease.TERM);
    sweeper.sweep();

    assertThat(books.quota().uncertain()).isEqualTo(3);
  }

  @Test
  void timelineIsRefused_expiredCallsAreSwept() throws SQLException {
    try (OrdinaryRole role = new OrdinaryRole(database)) {
      role.refuseTimeline();
      LedgerPod ledger = ledger(role.database());
      Sweeper sweeper = sweeper(ledger);
      sweeper.sweep();
      granted(ledger.reserve(request(ids(1, 3))));
      clock.advance(LONG_EXPIRED);

      sweeper.sweep();

      assertThat(books.quota().uncertain()).isEqualTo(3);
    }
  }

  private LedgerPod ledger(Database at) {
    return Ledgers.unlimited().on(clock.over(at.dataSource()));
  }

  private Sweeper sweeper(LedgerPod ledger) {
    return ledger.sweeper(new SimpleMeterRegistry(), ticker);
  }

  private void outage(Sweeper sweeper) {
    link.cut();
    sweeper.sweep();
    link.heal();
  }
}
