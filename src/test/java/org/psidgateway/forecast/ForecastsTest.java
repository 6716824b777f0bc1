package org.psidgateway.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.forecast.Bottleneck.What;
import org.psidgateway.ledger.Ledgers;
import org.psidgateway.limits.LimitSettings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.OneConnection;
import org.psidgateway.testing.RoundTrips;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;
import org.psidgateway.testing.Tariffs;

/** What a forecast sees in the database. */
@Beside
class ForecastsTest {
  private static final PageId PAGE = Upstreaming.PAGE;
  private static final LimitSettings PACED =
      LimitSettings.unlimited().withPace(200, Duration.ofHours(1), 3);

  private final ShiftedClock clock = new ShiftedClock();
  private Backing.Database database;
  private DataSource dataSource;
  private Sql sql;

  @BeforeEach
  void page() {
    database = Backing.freshDatabase();
    dataSource = clock.over(database.dataSource());
    sql = new Sql(dataSource);
    sql.execute(
        "insert into page (page_id, token_revision, token) values (100, 1, ''), (200, 1, '')");
  }

  private Forecast forecast(LimitSettings settings, Tariff tariff, long ids) throws SQLException {
    return Forecasting.on(dataSource, settings, tariff)
        .of(new Work(PAGE, ids, Lane.BACKGROUND, 1, 0));
  }

  private Forecast forecast(long ids) throws SQLException {
    return forecast(PACED, Tariffs.PER_BATCH, ids);
  }

  private static void assertStopped(Forecast forecast, String reason, What what) {
    assertThat(forecast.p50()).isNull();
    assertThat(forecast.p90()).isNull();
    assertThat(forecast.reason()).isEqualTo(reason);
    assertThat(forecast.bottleneck().what()).isEqualTo(what);
  }

  private void assertGoes(Forecast forecast, What what) {
    assertThat(forecast.p50()).isAfter(clock.instant().minusSeconds(60));
    assertThat(forecast.reason()).isNull();
    assertThat(forecast.bottleneck().what()).isEqualTo(what);
  }

  @Test
  void freshDatabase_hasATimeAtOnce() throws SQLException {
    Instant before = clock.instant();

    Forecast forecast = forecast(201);

    assertThat(forecast.calls()).isEqualTo(2);
    assertThat(forecast.quotaRemainingAfter()).isEqualTo(5_000_000 - 201);
    assertThat(forecast.p50()).isBetween(before, before.plusSeconds(60));
    assertGoes(forecast, What.UPSTREAM_RATE);
  }

  @Test
  void quota_isTold_andTheReserveFloorIsNotForBackground() throws SQLException {
    LimitSettings small = LimitSettings.unlimited().withCeiling(1_000);
    sql.execute("update budget set committed = 100, held = 30, uncertain = 5");

    assertThat(forecast(small, Tariffs.PER_BATCH, 815).reason()).isNull();
    Forecast tooLittle = forecast(small, Tariffs.PER_BATCH, 816);
    Forecast interactive =
        Forecasting.on(dataSource, small, Tariffs.PER_BATCH)
            .of(new Work(PAGE, 816, Lane.INTERACTIVE, 1, 0));

    assertStopped(tooLittle, "quota_reserved", What.QUOTA);
    assertStopped(forecast(small, Tariffs.PER_BATCH, 866), "quota_exhausted", What.QUOTA);
    assertThat(tooLittle.quotaRemainingAfter()).isEqualTo(49);
    assertThat(interactive.reason()).isNull();
  }

  @Test
  void window_closedOrClosingFirst_isTold() throws SQLException {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    Instant closing = today.plusDays(2).atStartOfDay().toInstant(ZoneOffset.UTC);

    assertStopped(
        forecast(PACED.withClosedOn(today.minusDays(1)), Tariffs.PER_BATCH, 1),
        "window_closed",
        What.WINDOW);
    Forecast late = forecast(PACED.withClosedOn(today.plusDays(2)), Tariffs.PER_BATCH, 2_000_000);
    assertStopped(late, "window_closes_first", What.WINDOW);
    assertThat(late.bottleneck().until()).isEqualTo(closing);
    assertGoes(
        forecast(PACED.withClosedOn(today.plusDays(2)), Tariffs.PER_BATCH, 2_000),
        What.UPSTREAM_RATE);
    assertGoes(
        forecast(PACED.withClosedOn(today.minusDays(1)), Tariffs.PER_PERSON, 1),
        What.UPSTREAM_RATE);
    sql.execute("update budget set sealed_at = ledger_now()");
    assertStopped(forecast(1), "window_closed", What.WINDOW);
  }

  @Test
  void archive_isClosed_andWithoutWorkThereIsNothingToWaitFor() throws SQLException {
    assertStopped(forecast(PACED, Tariff.ARCHIVE, 1), "window_closed", What.WINDOW);

    Forecast nothing = forecast(PACED, Tariff.ARCHIVE, 0);

    assertThat(nothing.p50()).isNotNull().isEqualTo(nothing.p90());
    assertThat(nothing.reason()).isNull();
    assertThat(nothing.calls()).isZero();
    assertThat(nothing.quotaRemainingAfter()).isNull();
  }

  @Test
  void pausedPage_isTold_alsoWhereAllPagesAreAskedAboutAtOnce() throws SQLException {
    sql.execute("update page set paused = true where page_id = 100");

    assertStopped(forecast(1), "page_paused", What.PAUSED);
    assertStopped(forecast(PACED, Tariffs.PER_PERSON, 1), "page_paused", What.PAUSED);
    assertStopped(forecast(PACED, Tariffs.PER_ID, 1), "page_paused", What.PAUSED);
  }

  @Test
  void token_missingOrRefused_isTold_unlessItIsNotUsed() throws SQLException {
    sql.execute("update page set token = null where page_id = 100");
    assertStopped(forecast(1), "token_invalid", What.TOKEN);
    assertGoes(forecast(PACED, Tariffs.PER_PERSON, 1), What.UPSTREAM_RATE);

    sql.execute("update page set token = '', paused = true, pause_reason = 'token_invalid'");
    assertStopped(forecast(1), "token_invalid", What.TOKEN);
    assertGoes(forecast(PACED, Tariffs.PER_ID, 1), What.UPSTREAM_RATE);
  }

  @Test
  void cooldown_ofTheAppOrThePage_comesFirst_andNotThatOfAnother() throws SQLException {
    cooling(200);
    assertGoes(forecast(1), What.UPSTREAM_RATE);
    cooling(100);
    assertCooling(forecast(1));
    assertGoes(forecast(PACED, Tariffs.PER_ID, 1), What.UPSTREAM_RATE);
    cooling(0);
    assertCooling(forecast(PACED, Tariffs.PER_PERSON, 1));
  }

  private void cooling(long page) {
    sql.execute(
        "insert into standing (page_id, cooldown_until, strikes) values (%d, ledger_now() + interval '10 min', 1) on conflict (page_id) do update set cooldown_until = excluded.cooldown_until"
            .formatted(page));
  }

  private void assertCooling(Forecast forecast) {
    Instant end = clock.instant().plus(Duration.ofMinutes(10));
    assertGoes(forecast, What.COOLDOWN);
    assertThat(forecast.bottleneck().until()).isBetween(end.minusSeconds(60), end);
    assertThat(forecast.p50()).isAfter(forecast.bottleneck().until());
  }

  @Test
  void usageNearTheLimit_stopsBackgroundWorkForAMoment() throws SQLException {
    sql.execute("update standing set usage = 99, usage_at = ledger_now() where page_id = 0");

    assertGoes(forecast(1), What.COOLDOWN);
  }

  @Test
  void suspicion_tellsNoTime_butWhenItIsPutToTheTest() throws SQLException {
    suspicion("app_secret_rejected");
    assertStopped(forecast(1), "app_secret_rejected", What.TOKEN);
    assertThat(forecast(1).bottleneck().until()).isAfter(clock.instant());
    suspicion("upstream_quota_suspected");
    assertStopped(forecast(1), "quota_exhausted", What.QUOTA);
    assertGoes(forecast(PACED, Tariffs.PER_PERSON, 1), What.UPSTREAM_RATE);
    suspicion("window_suspected_closed");
    assertStopped(forecast(1), "window_closed", What.WINDOW);
    clock.advance(Duration.ofHours(1));
    assertGoes(forecast(1), What.UPSTREAM_RATE);
  }

  private void suspicion(String what) {
    sql.execute(
        "update standing set suspicion = '%s', suspected_until = ledger_now() + interval '10 min' where page_id = 0"
            .formatted(what));
  }

  @Test
  void tooMuchUncertain_isAnUpstreamThatIsAway() throws SQLException {
    sql.execute(
        "update budget set uncertain = 60000, streak = -5", call(1, "uncertain", "timeout", 2, 12));

    assertGoes(forecast(1), What.UPSTREAM_UNAVAILABLE);
  }

  @Test
  void latestCalls_tellHowLongOneTakes_andHowManyAreMadeAgain() throws SQLException {
    for (int i = 0; i < 20; i++) {
      sql.execute(call(i, "settled", "answered", 3_000, 2));
    }
    sql.execute(call(90, "granted", null, 1, 0), call(91, "released", "late", 1, 0));

    Forecast calm = forecast(LimitSettings.unlimited(), Tariffs.PER_BATCH, 600);
    assertThat(Duration.between(clock.instant(), calm.p50()))
        .isBetween(Duration.ofMillis(1_500), Duration.ofMillis(2_000));

    for (int i = 20; i < 40; i++) {
      sql.execute(call(i, "settled", "throttled_app", 600, 2));
    }
    sql.execute(
        "update standing set cooldown_until = ledger_now() - interval '500 s' where page_id = 0");
    Forecast throttled = forecast(LimitSettings.unlimited(), Tariffs.PER_BATCH, 600);

    assertThat(Duration.between(clock.instant(), throttled.p50()))
        .isBetween(Duration.ofMillis(3_500), Duration.ofMillis(4_000));
    assertThat(Duration.between(throttled.p50(), throttled.p90()))
        .isBetween(Duration.ofSeconds(98), Duration.ofSeconds(140));
    clock.advance(Duration.ofHours(1));
    assertThat(
            Duration.between(
                clock.instant(), forecast(LimitSettings.unlimited(), Tariffs.PER_BATCH, 600).p90()))
        .isLessThan(Duration.ofSeconds(10));
  }

  /** A call, granted and settled so many seconds ago and after that. */
  private static String call(int no, String state, String outcome, int ago, int took) {
    return """
    insert into call (call_id, page_id, lane, state, grant_no, asked, outcome, granted_at, settled_at, expires_at)
    values (gen_random_uuid(), 100, 'INTERACTIVE', '%2$s', %1$d, 1, %3$s, ledger_now() - %4$d * interval '1 s',
            ledger_now() - %4$d * interval '1 s' + %5$d * interval '1 s', ledger_now() - %4$d * interval '1 s' + interval '15 s')
    """
        .formatted(no, state, outcome == null ? "null" : "'" + outcome + "'", ago, took);
  }

  @Test
  void paceThatWasLoweredMeanwhile_isKept() throws SQLException {
    Upstreaming fast =
        new Upstreaming(
            database.dataSource(), Ledgers.unlimited().withPace(60, Duration.ofMinutes(1), 3));
    fast.convert(40 * 200);
    Instant converted = fast.now();
    clock.advance(Duration.between(clock.instant(), converted));

    Forecast forecast =
        forecast(
            LimitSettings.unlimited().withPace(10, Duration.ofMinutes(1), 3),
            Tariffs.PER_BATCH,
            200);

    assertThat(Duration.between(converted, forecast.p50()))
        .isBetween(Duration.ofSeconds(49), Duration.ofSeconds(52));
  }

  @Test
  void everythingIsRead_inOneRoundTrip() throws Exception {
    RoundTrips trips = new RoundTrips();
    try (FaultyProxy link = new FaultyProxy(database.port(), trips::tap);
        OneConnection connection = new OneConnection(database.through(link).dataSource())) {
      Forecasts forecasts =
          Forecasting.on(
              connection.dataSource(),
              PACED.withPagePace(PAGE.value(), 100, Duration.ofHours(1)),
              Tariffs.PER_BATCH);
      Work work = new Work(PAGE, 10_000, Lane.BACKGROUND, 1, 0);
      for (int i = 0; i < 8; i++) { // until the driver has prepared what it will
        forecasts.of(work);
      }
      trips.take();

      forecasts.of(work);

      assertThat(trips.take()).hasSize(1).allSatisfy(each -> assertThat(each).isOne());
    }
  }

  @Test
  void cooldownThatIsOver_isNone() throws SQLException {
    Upstreaming upstream =
        new Upstreaming(
            database.dataSource(), Ledgers.unlimited().withPace(200, Duration.ofHours(1), 3));
    upstream.throttle(Optional.of(Duration.ofMinutes(9)));
    upstream.pass(Duration.ofMinutes(20));

    Forecast forecast = upstream.forecast(200);

    assertThat(forecast.bottleneck()).isEqualTo(Bottleneck.of(What.UPSTREAM_RATE));
    assertThat(Duration.between(forecast.p50(), forecast.p90()))
        .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
  }
}
