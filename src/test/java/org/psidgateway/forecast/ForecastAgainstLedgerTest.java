package org.psidgateway.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Ledgers;
import org.psidgateway.model.Tariff;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.OneConnection;
import org.psidgateway.testing.Tariffs;

/**
 * Forecasts, and then the work itself: every call is granted and settled by the real ledger, on a
 * clock that is turned on to the next moment at which anything can happen.
 */
@Beside
class ForecastAgainstLedgerTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final double TOLERANCE = 0.1;

  /** What the test itself takes, on a busy machine. */
  private static final Duration OVERHEAD = Duration.ofMillis(300);

  private OneConnection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = new OneConnection(Backing.freshDatabase().dataSource());
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private Upstreaming on(Ledgers ledgers) throws SQLException {
    return new Upstreaming(connection.dataSource(), ledgers);
  }

  private static Ledgers paced(int calls, Duration per, int burst) {
    return Ledgers.unlimited().withPace(calls, per, burst);
  }

  private static Ledgers counting(Tariff tariff, int calls, Duration per, int burst) {
    return paced(calls, per, burst).withTariff(tariff);
  }

  private static void assertForeseen(String what, Upstreaming upstream, long ids)
      throws SQLException {
    Instant from = upstream.now();
    Forecast forecast = upstream.forecast(ids);
    Instant end = upstream.convert(ids);
    Duration real = Duration.between(from, end);
    Duration off =
        Duration.between(end, Objects.requireNonNull(forecast.p50(), forecast::toString));
    Duration spread = Duration.between(end, Objects.requireNonNull(forecast.p90()));
    System.getLogger("forecast")
        .log(
            Level.INFO,
            "%s: took %s, p50 off by %.1f %%, p90 by %.1f %%"
                .formatted(what, real, percent(off, real), percent(spread, real)));
    assertThat(off.abs())
        .as("%s: %s, really %s", what, forecast, end)
        .isLessThanOrEqualTo(OVERHEAD.plusMillis((long) (TOLERANCE * real.toMillis())));
    assertThat(forecast.calls()).isEqualTo(upstream.calls());
  }

  private static double percent(Duration part, Duration of) {
    return 100.0 * part.toMillis() / of.toMillis();
  }

  @Test
  void oneCall() throws SQLException {
    assertForeseen("one call", on(paced(200, HOUR, 3)), 150);
  }

  @Test
  void defaultPace_freshly() throws SQLException {
    assertForeseen("200 an hour, 20 calls", on(paced(200, HOUR, 3)), 20 * 200);
  }

  @Test
  void defaultPace_wellIntoTheNextPeriod() throws SQLException {
    assertForeseen("200 an hour, 230 calls", on(paced(200, HOUR, 3)), 230 * 200 - 17);
  }

  @Test
  void defaultPace_partlyUsed() throws SQLException {
    Upstreaming upstream = on(paced(200, HOUR, 3));
    upstream.convert(130 * 200);

    assertForeseen("200 an hour after 130 calls, 4 calls", upstream, 4 * 200);
    assertForeseen("200 an hour after 134 calls, 90 calls", upstream, 90 * 200);
  }

  @Test
  void smallPeriods() throws SQLException {
    Upstreaming upstream = on(paced(5, Duration.ofSeconds(10), 3));

    assertForeseen("5 in 10 s, burst 3, 43 calls", upstream, 43 * 200);
    assertForeseen("5 in 10 s, in the midst of it, 7 calls", upstream, 7 * 200);
  }

  @Test
  void withoutBurst() throws SQLException {
    assertForeseen("20 a minute, burst 1, 50 calls", on(paced(20, MINUTE, 1)), 50 * 200);
  }

  @Test
  void wholePeriodAtOnce() throws SQLException {
    assertForeseen("10 a minute, burst 10, 47 calls", on(paced(10, MINUTE, 10)), 47 * 200);
  }

  @Test
  void paceOfThePage_thatIsTheSlower() throws SQLException {
    assertForeseen(
        "100 a minute, the Page 10, 35 calls",
        on(paced(100, MINUTE, 3).withPagePace(Upstreaming.PAGE.value(), 10, MINUTE)),
        35 * 200);
  }

  @Test
  void noPace_onceACallWasSeen() throws SQLException {
    Upstreaming upstream = on(Ledgers.unlimited());
    upstream.took(Duration.ofMillis(1_700));
    upstream.convert(10 * 200);

    assertForeseen("no pace, 100 calls of 1.7 s", upstream, 100 * 200);
  }

  @Test
  void paceThatTheUpstreamIsTooSlowFor() throws SQLException {
    Upstreaming upstream = on(paced(600, MINUTE, 3));
    upstream.took(Duration.ofSeconds(2));
    upstream.convert(10 * 200);

    assertForeseen("10 a second, calls of 2 s, 60 calls", upstream, 60 * 200);
  }

  @Test
  void idMatching() throws SQLException {
    Upstreaming upstream = on(counting(Tariffs.PER_ID, 200, HOUR, 3));

    assertForeseen("ID Matching, 200 an hour, 570 ids", upstream, 570);
    assertForeseen("ID Matching, in the midst of it, 90 ids", upstream, 90);
  }

  @Test
  void idMatching_forAllPages() throws SQLException {
    assertForeseen(
        "ID Matching, harvest, 1000 a minute, 9130 ids",
        on(counting(Tariffs.PER_PERSON, 1_000, MINUTE, 2)),
        9_130);
  }

  @Test
  void cooldown() throws SQLException {
    Upstreaming upstream = on(paced(200, HOUR, 3));
    upstream.convert(3 * 200);
    upstream.throttle(Optional.of(Duration.ofMinutes(9)));

    assertForeseen("200 an hour, cooldown of 9 min, 30 calls", upstream, 30 * 200);
  }

  @Test
  void interactiveCallsBeside() throws SQLException {
    Upstreaming upstream = on(paced(200, HOUR, 3));
    upstream.besides(Duration.ofSeconds(45));
    upstream.pass(HOUR);

    assertForeseen("200 an hour, 80 of them interactive, 150 calls", upstream, 150 * 200);
  }

  @Test
  void backgroundThatIsDue_takesTheNextSlot() throws SQLException {
    Upstreaming upstream = on(paced(200, HOUR, 3));
    for (int call = 0; call < 3; call++) {
      upstream.interactive();
    }

    assertForeseen("200 an hour after an interactive burst, one call", upstream, 200);
  }
}
