package org.psidgateway.ledger;

import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.request;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.ForeignPostgres;
import org.psidgateway.testing.OneConnection;
import org.psidgateway.testing.Program;

/** What a new id costs after a restore, with a million calls and no statistics about them. */
@Foreign(Program.POSTGRES)
class FreshStatisticsBench {
  private static final System.Logger LOG = System.getLogger("figures");
  private static final int CALLS = 1_000_000;
  private static final int TIMES = 40;
  private long nextId = 1_000_000_000;

  @Test
  void reserveAndSettle_withoutStatistics_andWithThem() throws SQLException {
    Backing.Database database = ForeignPostgres.freshDatabase();
    try (Connection admin = database.dataSource().getConnection()) {
      Filled filled = new Filled(admin);
      filled.leaveAlone();
      filled.fill(CALLS, CALLS);
      filled.forgetStatistics();
      measure(database, "no statistics");
      filled.analyze();
      measure(database, "statistics");
    }
  }

  private void measure(Backing.Database database, String state) throws SQLException {
    try (OneConnection connection = new OneConnection(AsPackaged.connections(database, ""))) {
      Ledger ledger =
          Ledgers.unlimited().withPace(1_000, Duration.ofHours(1), 500).on(connection.dataSource());
      long[] took = new long[TIMES];
      for (int i = 0; i < TIMES; i++) {
        long start = System.nanoTime();
        ledger.settle(Asks.answer(granted(ledger.reserve(request(nextId++)))));
        took[i] = System.nanoTime() - start;
      }
      long median = LongStream.of(took).sorted().skip(TIMES / 2).findFirst().orElseThrow();
      LOG.log(
          Level.INFO,
          "a new id beside %d calls, %s: %.1f ms".formatted(CALLS, state, median / 1e6));
    }
  }
}
