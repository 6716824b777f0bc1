package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.answer;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.ids;
import static org.psidgateway.ledger.Asks.request;

import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.books.QuotaReport;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Nothing;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.ReplicatedPostgres;
import org.psidgateway.testing.ShiftedClock;

/** A real standby is promoted that lacks the last transactions. */
class ForgetfulStandbyIT {
  private final ShiftedClock clock = new ShiftedClock();
  private volatile Database server;

  @Test
  void standbyThatLacksTheLastGrants_learnsOfThem_andWhatTheyCostIsCounted() throws SQLException {
    try (ReplicatedPostgres pair = ReplicatedPostgres.own()) {
      server = pair.database();
      server.sql().execute("insert into page (page_id, token_revision, token) values (100, 1, '')");
      Ledgers ledgers = Ledgers.unlimited().withUncertainDelay(Duration.ofMinutes(1));
      LedgerPod ledger = ledgers.on(clock.over(wherever()));
      ledger.settleAgain();
      ledger.settle(answer(granted(ledger.reserve(request(ids(1, 10))))));
      Awaitility.await().until(pair::isReplicated);

      pair.cutReplication();
      ledger.settle(answer(granted(ledger.reserve(request(ids(11, 15))))));
      Granted answeredLater = granted(ledger.reserve(request(ids(21, 23))));
      Granted lost = granted(ledger.reserve(request(ids(31, 34))));
      Granted unsent = granted(ledger.reserve(request(ids(41, 47))));
      pair.killPrimary();
      pair.promoteReplica();
      server = pair.replica();

      ledger.settle(answer(answeredLater));
      ledger.settle(Settlement.uncertain(lost.call(), "timeout"));
      ledger.settle(Settlement.unsent(unsent.call(), "connect_failed"));
      assertThat(ledger.settleAgain()).isEqualTo(4);
      assertThat(ledger.settleAgain()).isZero();

      // Ten, five and three PSIDs were returned, and up to four more.
      QuotaReport quota = ledgers.books(wherever(), clock).quota();
      assertThat(quota.committed()).isEqualTo(18);
      assertThat(quota.uncertain()).isEqualTo(4);
      assertThat(quota.held()).isZero();
      assertThat(ledger.reserve(request(ids(1, 15)))).isInstanceOf(Wait.class); // others settle too
      clock.advance(Duration.ofSeconds(5));
      assertThat(ledger.reserve(request(ids(1, 15)))).isInstanceOf(Nothing.class);
      assertThat(ledger.reserve(request(ids(21, 23)))).isInstanceOf(Nothing.class);
      assertThat(ledger.reserve(request(ids(31, 34)))).isInstanceOf(Nothing.class);
      assertThat(granted(ledger.reserve(request(ids(41, 47)))).asids()).hasSize(7);
    }
  }

  private DataSource wherever() {
    return (DataSource)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> method.invoke(server.dataSource(), arguments));
  }
}
