package org.psidgateway.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.forecast.Modelled.forecast;
import static org.psidgateway.forecast.Modelled.p50;
import static org.psidgateway.forecast.Modelled.p90;
import static org.psidgateway.forecast.Modelled.work;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.psidgateway.forecast.Bottleneck.What;
import org.psidgateway.limits.Outlook;
import org.psidgateway.limits.Outlook.Stop;
import org.psidgateway.limits.Outlooks;
import org.psidgateway.model.Fate;
import org.psidgateway.time.Micros;

/** Forecasts that can be worked out by hand. */
class ForwardModelExamplesTest {
  private static final Instant NOW = Micros.instant(Outlooks.NOW);
  private static final long HOUR = 3_600_000_000L;

  private static Duration p50After(Work work, Outlook outlook) {
    return Duration.between(NOW, p50(forecast(work, outlook, RecentCalls.NONE)));
  }

  @Test
  void share_spacesTheCallsWider() {
    Outlook outlook = new Outlooks().pace(200, HOUR, 1).background();

    assertThat(p50After(work(2_000, 1, 0), outlook))
        .isEqualTo(Duration.ofSeconds(9 * 18).plusMillis(300));
    assertThat(p50After(work(2_000, 0.25, 0), outlook))
        .isBetween(Duration.ofSeconds(9 * 72), Duration.ofSeconds(9 * 72 + 1));
    assertThat(p50After(work(2_000, 0.5, 0), new Outlooks().background()))
        .isEqualTo(Duration.ofMillis(9 * 200 + 300));
  }

  @Test
  void workThatGoesFirst_hasTheWholePace() {
    Outlook outlook = new Outlooks().pace(200, HOUR, 1).background();

    assertThat(p50After(work(2_000, 0.25, 1_000), outlook))
        .isBetween(Duration.ofSeconds(5 * 18 + 9 * 72), Duration.ofSeconds(5 * 18 + 9 * 72 + 1));
  }

  @Test
  void millionsOfCalls_areReckonedInAMoment() {
    Outlook outlook = new Outlooks().pace(200, HOUR, 3).background();

    Forecast forecast = forecast(work(1_000_000_000L, 1, 0), outlook, RecentCalls.NONE);

    assertThat(forecast.calls()).isEqualTo(5_000_000);
    Duration paced = Duration.ofSeconds(18).multipliedBy(5_000_000);
    assertThat(Duration.between(NOW, p50(forecast)))
        .isBetween(paced.dividedBy(100).multipliedBy(99), paced.dividedBy(100).multipliedBy(102));
  }

  @Test
  void noAnswerEver_isStillATime() {
    RecentCalls dead = new RecentCalls(100, 100, 100, 0, 0, 0, 0);
    Outlook outlook = new Outlooks().pace(1, 30 * 24 * HOUR, 1).background();

    Forecast forecast = forecast(work(1_000_000_000_000L, 0.01, 0), outlook, dead);

    assertThat(p50(forecast)).isAfter(NOW);
    assertThat(forecast.bottleneck()).isEqualTo(Bottleneck.of(What.UPSTREAM_UNAVAILABLE));
  }

  @Test
  void unansweredCalls_areMadeAgain() {
    Outlook outlook = new Outlooks().pace(200, HOUR, 1).background();
    RecentCalls half = new RecentCalls(100, 50, 0, 0, 100, 300_000, 300_000);

    Duration all = Duration.between(NOW, p50(forecast(work(4_000, 1, 0), outlook, half)));

    assertThat(all).isEqualTo(Duration.ofSeconds(39 * 18).plusMillis(300));
  }

  @Test
  void throttleOfLate_isExpectedOnceMore_onABadDay() {
    Outlook outlook = new Outlooks().pace(200, HOUR, 1).background();
    RecentCalls calm = new RecentCalls(100, 1, 0, 0, 100, 300_000, 300_000);
    RecentCalls throttled = new RecentCalls(100, 1, 0, 90_000_000, 100, 300_000, 300_000);

    Forecast before = forecast(work(4_000, 1, 0), outlook, calm);
    Forecast after = forecast(work(4_000, 1, 0), outlook, throttled);

    assertThat(p50(after)).isEqualTo(p50(before));
    assertThat(p90(after)).isEqualTo(p90(before).plusSeconds(90));
  }

  @Test
  void quotaThatIsTooSmall_tellsNoTime_theReserveFloorIncluded() {
    Outlook outlook = new Outlooks().units(1_000, 900).background();

    Forecast enough = forecast(work(500, 1, 400), outlook, RecentCalls.NONE);
    Forecast tooLittle = forecast(work(501, 1, 400), outlook, RecentCalls.NONE);

    assertThat(enough.reason()).isNull();
    assertThat(enough.quotaRemainingAfter()).isEqualTo(100);
    assertThat(tooLittle)
        .isEqualTo(new Forecast(3, 99L, null, null, "quota_reserved", Bottleneck.of(What.QUOTA)));
    Forecast never = forecast(work(1_001, 1, 0), outlook, RecentCalls.NONE);
    assertThat(never.reason()).isEqualTo("quota_exhausted");
    assertThat(never.quotaRemainingAfter()).isEqualTo(-1);
  }

  @Test
  void windowThatClosesFirst_tellsNoTimeBeyondIt() {
    Bottleneck window = new Bottleneck(What.WINDOW, NOW.plusSeconds(3_600), null);
    Outlook outlook = new Outlooks().pace(200, HOUR, 1).closesIn(HOUR).background();

    Forecast hopeless = forecast(work(40_400, 1, 0), outlook, RecentCalls.NONE);
    Forecast risky = forecast(work(39_000, 1, 0), outlook, RecentCalls.NONE);

    assertThat(hopeless)
        .isEqualTo(new Forecast(202, null, null, null, "window_closes_first", window));
    assertThat(risky.p50()).isBefore(NOW.plusSeconds(3_600));
    assertThat(risky.p90()).isNull();
    assertThat(risky.reason()).isEqualTo("window_closes_first");
    assertThat(risky.bottleneck()).isEqualTo(window);
  }

  @Test
  void refusals_nameWhoCanLiftThem() {
    assertRefused(Fate.WINDOW_CLOSED, What.WINDOW);
    assertRefused(Fate.PAGE_PAUSED, What.PAUSED);
    assertRefused(Fate.PERMISSION_DENIED, What.PAUSED);
    assertRefused(Fate.TOKEN_INVALID, What.TOKEN);
    assertRefused(Fate.APP_SECRET_REJECTED, What.TOKEN);
    assertRefused(Fate.QUOTA_EXHAUSTED, What.QUOTA);
  }

  private static void assertRefused(Fate why, What what) {
    Stop suspected = new Stop(why, Outlooks.NOW + 60_000_000);
    Stop forGood = new Stop(why, Long.MAX_VALUE);
    Stop cooldown = new Stop(Fate.COOLING_DOWN, Outlooks.NOW + 1);
    Work work = work(1, 0.5, 1);

    assertThat(
            forecast(
                work,
                new Outlooks().refused(suspected).held(cooldown).units(0, 0).background(),
                RecentCalls.NONE))
        .isEqualTo(
            new Forecast(
                1, -2L, null, null, why.reason(), new Bottleneck(what, NOW.plusSeconds(60), null)));
    assertThat(
            forecast(work, new Outlooks().refused(forGood).background(), RecentCalls.NONE)
                .bottleneck())
        .isEqualTo(Bottleneck.of(what));
  }

  @Test
  void bottleneck_isTheQueue_thenTheShare_thenTheRate() {
    Outlook outlook = new Outlooks().pace(200, HOUR, 1).background();

    assertThat(what(work(1, 0.5, 1), outlook)).isEqualTo(What.QUEUE);
    assertThat(what(work(1, 0.5, 0), outlook)).isEqualTo(What.SHARE);
    assertThat(what(work(1, 1, 0), outlook)).isEqualTo(What.UPSTREAM_RATE);
  }

  private static What what(Work work, Outlook outlook) {
    return forecast(work, outlook, RecentCalls.NONE).bottleneck().what();
  }
}
