package org.psidgateway.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.forecast.Modelled.SLOTS;
import static org.psidgateway.forecast.Modelled.forecast;
import static org.psidgateway.forecast.Modelled.p50;
import static org.psidgateway.forecast.Modelled.p90;
import static org.psidgateway.forecast.Modelled.work;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.psidgateway.forecast.Bottleneck.What;
import org.psidgateway.limits.Outlook;
import org.psidgateway.limits.Outlook.Stop;
import org.psidgateway.limits.Outlooks;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Tariff;
import org.psidgateway.testing.Tariffs;
import org.psidgateway.time.Micros;

/** What holds of every forecast, whatever the limits say and whatever is asked for. */
class ForwardModelTest {
  private static final Instant NOW = Micros.instant(Outlooks.NOW);
  private static final long HOUR = 3_600_000_000L;

  /** Limits that make it slow, and never impossible. */
  @Provide
  Arbitrary<Limited> limited() {
    return Combinators.combine(
            Arbitraries.of(Tariffs.PER_BATCH, Tariffs.PER_ID, Tariffs.PER_PERSON),
            Arbitraries.integers().between(0, 300),
            Arbitraries.longs().between(1_000_000, HOUR),
            Arbitraries.integers().between(1, 5),
            Arbitraries.integers().between(0, 50),
            Arbitraries.doubles().between(0, 1).list().ofMaxSize(60),
            Arbitraries.integers().between(0, 40),
            Arbitraries.of(1.0, 1.0, 1.3, 2.5))
        .as(Limited::new);
  }

  /** Arrivals are shares of the period ago. */
  record Limited(
      Tariff tariff,
      int calls,
      long per,
      int burst,
      int ownCalls,
      List<Double> arrivals,
      int interactive,
      double widening) {
    Outlooks outlook() {
      Outlooks outlook =
          new Outlooks()
              .tariff(tariff)
              .arrived(arrivals.stream().map(ago -> (long) (ago * per)).toList())
              .nextGrantIn((long) (per * arrivals.stream().mapToDouble(a -> a).average().orElse(0)))
              .interactive(interactive, per)
              .widened(widening);
      if (calls > 0) {
        outlook.pace(calls, per, burst);
      }
      return ownCalls > 0 ? outlook.ownPace(ownCalls, per, burst) : outlook;
    }
  }

  @Provide
  Arbitrary<RecentCalls> recent() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 100),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.longs().between(0, 60_000_000),
            Arbitraries.longs().between(0, 100),
            Arbitraries.longs().between(0, 10_000_000),
            Arbitraries.longs().between(0, 10_000_000))
        .as(
            (ended, unanswered, cooldown, timed, took, atMost) ->
                new RecentCalls(
                    ended, (long) (ended * unanswered), 0, cooldown, timed, took, atMost));
  }

  private static void assertNotBefore(Forecast later, Forecast earlier) {
    assertThat(p50(later)).isAfterOrEqualTo(p50(earlier));
    assertThat(p90(later)).isAfterOrEqualTo(p90(earlier));
  }

  @Property(tries = 300)
  void whileThereIsWork_itIsNeverDue_andBadDaysTakeLonger(
      @ForAll("limited") Limited limited,
      @ForAll("recent") RecentCalls recent,
      @ForAll @LongRange(min = 1, max = 100_000) long ids,
      @ForAll @DoubleRange(min = 0.01, max = 1) double share) {
    Forecast forecast = forecast(work(ids, share, 0), limited.outlook().background(), recent);

    assertThat(p50(forecast)).isAfter(NOW);
    assertThat(p90(forecast)).isAfterOrEqualTo(p50(forecast));
    assertThat(forecast.reason()).isNull();
    assertThat(forecast.calls())
        .isBetween((ids + limited.tariff.batchSize() - 1) / limited.tariff.batchSize(), ids);
  }

  @Property(tries = 300)
  void moreIds_areNotDoneEarlier(
      @ForAll("limited") Limited limited,
      @ForAll("recent") RecentCalls recent,
      @ForAll @LongRange(min = 1, max = 50_000) long ids,
      @ForAll @LongRange(min = 1, max = 1_000) long more,
      @ForAll @DoubleRange(min = 0.01, max = 1) double share) {
    Outlook outlook = limited.outlook().background();
    assertNotBefore(
        forecast(work(ids + more, share, 0), outlook, recent),
        forecast(work(ids, share, 0), outlook, recent));
  }

  @Property(tries = 300)
  void moreIdsBefore_doNotMakeItEarlier(
      @ForAll("limited") Limited limited,
      @ForAll("recent") RecentCalls recent,
      @ForAll @LongRange(min = 1, max = 20_000) long ids,
      @ForAll @LongRange(min = 0, max = 20_000) long before,
      @ForAll @LongRange(min = 1, max = 1_000) long more,
      @ForAll @DoubleRange(min = 0.01, max = 1) double share) {
    Outlook outlook = limited.outlook().background();
    assertNotBefore(
        forecast(work(ids, share, before + more), outlook, recent),
        forecast(work(ids, share, before), outlook, recent));
  }

  @Property(tries = 300)
  void largerShare_isNotLater(
      @ForAll("limited") Limited limited,
      @ForAll("recent") RecentCalls recent,
      @ForAll @LongRange(min = 1, max = 20_000) long ids,
      @ForAll @LongRange(min = 0, max = 20_000) long before,
      @ForAll @DoubleRange(min = 0.01, max = 1) double one,
      @ForAll @DoubleRange(min = 0.01, max = 1) double other) {
    Outlook outlook = limited.outlook().background();
    assertNotBefore(
        forecast(work(ids, Math.min(one, other), before), outlook, recent),
        forecast(work(ids, Math.max(one, other), before), outlook, recent));
  }

  @Property(tries = 300)
  void cooldown_delaysIt_byWhatIsLeftOfItAtMost(
      @ForAll("limited") Limited limited,
      @ForAll("recent") RecentCalls recent,
      @ForAll @LongRange(min = 1, max = 20_000) long ids,
      @ForAll @LongRange(min = 1, max = 4 * HOUR) long left) {
    Forecast free = forecast(work(ids, 1, 0), limited.outlook().background(), recent);
    Stop cooldown = new Stop(Fate.COOLING_DOWN, Outlooks.NOW + left);

    Forecast cooled =
        forecast(work(ids, 1, 0), limited.outlook().held(cooldown).background(), recent);

    assertNotBefore(cooled, free);
    Duration most = Duration.ofNanos(left * 1000);
    assertThat(p50(cooled)).isBeforeOrEqualTo(p50(free).plus(most)).isAfter(NOW.plus(most));
    assertThat(p90(cooled)).isBeforeOrEqualTo(p90(free).plus(most));
    assertThat(cooled.bottleneck()).isEqualTo(new Bottleneck(What.COOLDOWN, NOW.plus(most), null));
  }

  @Property(tries = 100)
  void nothingToAsk_isDoneNow(
      @ForAll("limited") Limited limited, @ForAll @LongRange(min = 0, max = 10_000) long before) {
    Outlook closed =
        limited.outlook().refused(new Stop(Fate.WINDOW_CLOSED, Long.MAX_VALUE)).background();

    Forecast forecast = forecast(work(0, 0.5, before), closed, RecentCalls.NONE);

    assertThat(forecast)
        .isEqualTo(new Forecast(0, null, NOW, NOW, null, Bottleneck.of(What.WINDOW)));
  }

  @Property(tries = 100)
  void withoutPace_callTimeAndConcurrencyBoundIt(
      @ForAll @IntRange(min = 1, max = 400) int calls,
      @ForAll @LongRange(min = 1_000, max = 5_000_000) long took) {
    RecentCalls recent = new RecentCalls(0, 0, 0, 0, 50, took, took);

    Forecast forecast = forecast(work(calls * 200L, 1, 0), new Outlooks().background(), recent);

    long rounds = (calls + SLOTS - 1) / SLOTS;
    assertThat(p50(forecast)).isEqualTo(NOW.plusNanos(rounds * took * 1000));
    assertThat(forecast.bottleneck()).isEqualTo(Bottleneck.of(What.UPSTREAM_RATE));
  }
}
