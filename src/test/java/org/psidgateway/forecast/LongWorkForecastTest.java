package org.psidgateway.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.OneConnection;

/**
 * Work of hundreds of calls, asked about after a twentieth of it: half of the time that is told is
 * near the real end, and nine of ten ends are not later than the time that is told for that.
 *
 * <p>That is promised for work after which nothing happens that did not happen before: the same
 * pace, calls that take as long as they did, as many interactive ones beside it as in the last
 * period of the pace. Throttles may come out of the blue, but their cooldowns are at most 3 % of
 * the time that the rest takes. Of an upstream that is away for half a day tomorrow nobody can tell
 * today.
 *
 * <p>Ten runs; as many as {@code -Dforecast.runs} says.
 */
@Beside
class LongWorkForecastTest {
  private static final double TOLERANCE = 0.1;
  private static final double COVERED = 0.9;

  /** What the test itself takes, on a busy machine. */
  private static final Duration OVERHEAD = Duration.ofMillis(300);

  @Test
  void afterATwentiethOfTheWork_itsEndIsForeseen() throws SQLException {
    int runs = Integer.getInteger("forecast.runs", 10);
    List<String> missed = new ArrayList<>();
    int covered = 0;
    for (int seed = 1; seed <= runs; seed++) {
      LongWork.Told told = run(seed);
      System.getLogger("forecast").log(Level.INFO, "run %d: %s".formatted(seed, told));
      if (!told.isTypical(TOLERANCE, OVERHEAD)) {
        missed.add("run %d: %s".formatted(seed, told));
      }
      covered += told.isCovered() ? 1 : 0;
    }
    assertThat(missed).isEmpty();
    assertThat(covered).isGreaterThanOrEqualTo((int) Math.ceil(COVERED * runs));
  }

  private static LongWork.Told run(int seed) throws SQLException {
    try (OneConnection connection = new OneConnection(Backing.freshDatabase().dataSource())) {
      return new LongWork(seed).on(connection.dataSource());
    }
  }
}
