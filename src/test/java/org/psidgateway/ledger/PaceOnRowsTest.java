package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.PAGE;
import static org.psidgateway.ledger.Asks.request;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.psidgateway.db.Transactions;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.model.Lane;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.OneConnection;
import org.psidgateway.testing.ShiftedClock;

/**
 * The pace, by the rows of real calls: pods choose any deadline, calls arrive at any moment within
 * it, some are given back, and settlements say when the others had arrived.
 */
@Beside
class PaceOnRowsTest {
  private static final int CALLS = 5;
  private static final Duration PER = Duration.ofSeconds(10);

  /** Milliseconds on the shifted clock. */
  private record Arrival(Granted granted, long grantedAt, long at) {}

  @RepeatedTest(8)
  void anyDeadlines_keepThePace_inEveryWindow(RepetitionInfo repetition) throws SQLException {
    Random random = new Random(repetition.getCurrentRepetition());
    ShiftedClock clock = new ShiftedClock();
    try (OneConnection connection = new OneConnection(Backing.freshDatabase().dataSource())) {
      DataSource dataSource = clock.over(connection.dataSource());
      try (Connection page = dataSource.getConnection();
          Statement statement = page.createStatement()) {
        statement.execute("insert into page (page_id, token_revision, token) values (100, 1, '')");
      }
      Ledgers ledgers = Ledgers.unlimited().withPace(CALLS, PER, 3);
      LedgerPod ledger = ledgers.on(dataSource);
      Transactions transactions = new Transactions(dataSource);
      Reserve reserve = ledgers.reserve(dataSource);
      ledger.sweep(); // it knows its server
      List<Arrival> arrivals = new ArrayList<>();
      List<Arrival> underWay = new ArrayList<>();
      for (long id = 1; id <= 120; id++) {
        clock.advance(Duration.ofMillis(random.nextInt(1_500)));
        Duration deadline = Duration.ofMillis(100 + random.nextInt(4_900));
        Ledger.Request ask = request(PAGE, Lane.INTERACTIVE, id);
        long before = clock.instant().toEpochMilli();
        Decision decision = transactions.run(connected -> reserve.decide(connected, ask, deadline));
        if (decision instanceof Granted granted) {
          if (random.nextInt(4) == 0) {
            ledger.settle(Settlement.unsent(granted.call(), "connect_failed"));
          } else {
            long latest = deadline.toMillis() - 60;
            Arrival arrival =
                new Arrival(granted, before, before + (long) (random.nextDouble() * latest));
            arrivals.add(arrival);
            underWay.add(arrival);
          }
        }
        settleSome(ledger, underWay, clock.instant().toEpochMilli(), random);
      }
      assertThat(arrivals).hasSizeGreaterThan(10);
      assertThat(mostInAWindow(arrivals)).isLessThanOrEqualTo(CALLS);
    }
  }

  private static void settleSome(Ledger ledger, List<Arrival> underWay, long now, Random random)
      throws SQLException {
    for (Arrival arrival : List.copyOf(underWay)) {
      if (arrival.at <= now && random.nextInt(3) == 0) {
        underWay.remove(arrival);
        ledger.settle(
            Asks.answer(arrival.granted)
                .arrived(Duration.ofMillis(arrival.at - arrival.grantedAt)));
      }
    }
  }

  private static long mostInAWindow(List<Arrival> arrivals) {
    return arrivals.stream()
        .mapToLong(
            last ->
                arrivals.stream()
                    .filter(a -> a.at <= last.at && a.at > last.at - PER.toMillis())
                    .count())
        .max()
        .orElseThrow();
  }
}
