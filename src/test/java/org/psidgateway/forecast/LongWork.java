package org.psidgateway.forecast;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import javax.sql.DataSource;
import org.psidgateway.ledger.Ledgers;

/** One run of long work at an upstream whose ways are drawn by lot. */
final class LongWork {
  private static final int BATCH = 200;
  private static final int SLOTS = Forecasting.CONCURRENCY - 1;

  private final Random random;
  private final int calls;
  private final boolean paced;
  private final int pace;
  private final Duration per;
  private final int burst;
  private final Duration usual;

  /** Of all calls, those of others. */
  private final double interactive;

  private final int throttlesBefore;
  private final int throttlesAfter;

  /**
   * What was told, and what came.
   *
   * @param rest from the forecast to the end
   * @param p50 from the real end; before it if negative
   */
  record Told(String what, Duration rest, Duration p50, Duration p90) {

    boolean isTypical(double tolerance, Duration overhead) {
      return p50.abs().compareTo(overhead.plusMillis((long) (tolerance * rest.toMillis()))) <= 0;
    }

    boolean isCovered() {
      return !p90.isNegative();
    }

    @Override
    public String toString() {
      return "%s: rest took %s, p50 off by %.1f %%, p90 by %.1f %%"
          .formatted(what, rest, percent(p50), percent(p90));
    }

    private double percent(Duration part) {
      return 100.0 * part.toMillis() / rest.toMillis();
    }
  }

  LongWork(int seed) {
    random = new Random(seed);
    random.nextInt(); // the first of near seeds are alike
    double size = random.nextDouble();
    calls = 100 + (int) (500 * size * size * size); // few long ones: they take their time
    paced = random.nextInt(5) > 0;
    per = Duration.ofSeconds(new int[] {20, 60, 600, 3600}[random.nextInt(4)]);
    // Calls are a second apart or more: what the test takes itself must not show.
    pace = (int) Math.min(per.toSeconds(), 5 + random.nextInt(300));
    burst = 1 + random.nextInt(Math.min(10, pace));
    usual = Duration.ofMillis(1_000 + random.nextInt(4_000));
    interactive = paced && random.nextBoolean() ? 0.4 * random.nextDouble() : 0;
    throttlesBefore = random.nextInt(2);
    throttlesAfter = random.nextInt(3);
  }

  /** Between two calls, if nobody else makes any. */
  private Duration apart() {
    Duration byCalls = usual.dividedBy(SLOTS);
    Duration byPace = paced ? per.dividedBy(pace) : Duration.ZERO;
    return byCalls.compareTo(byPace) > 0 ? byCalls : byPace;
  }

  Told on(DataSource dataSource) throws SQLException {
    Ledgers ledgers = paced ? Ledgers.unlimited().withPace(pace, per, burst) : Ledgers.unlimited();
    Upstreaming upstream = new Upstreaming(dataSource, ledgers);
    upstream.took(() -> about(usual, 0.25));
    if (interactive > 0) {
      Duration every = millis(apart().toMillis() / interactive);
      upstream.besides(() -> about(every, 0.5));
      Duration some = every.multipliedBy(20);
      upstream.pass(some.compareTo(per) > 0 ? some : per); // as far back as a forecast looks
    }
    int first = Math.max(1, calls / 20);
    Duration all = apart().multipliedBy(calls);
    for (int i = 0; i < throttlesBefore; i++) {
      upstream.throttleAt(upstream.now(), part(all, 0.015));
    }
    upstream.convert((long) first * BATCH);
    Instant from = upstream.now();
    for (int i = 0; i < throttlesAfter; i++) {
      upstream.throttleAt(
          from.plus(all.multipliedBy(i * 45L + random.nextInt(45)).dividedBy(100)),
          part(all, 0.03 / throttlesAfter));
    }
    long rest = (long) (calls - first) * BATCH - random.nextInt(BATCH);
    Forecast forecast = upstream.forecast(rest);
    Instant end = upstream.convert(rest);
    return new Told(
        toString(),
        Duration.between(from, end),
        Duration.between(end, Objects.requireNonNull(forecast.p50(), forecast::toString)),
        Duration.between(end, Objects.requireNonNull(forecast.p90())));
  }

  private Duration about(Duration mean, double off) {
    return millis(mean.toMillis() * (1 - off + 2 * off * random.nextDouble()));
  }

  private Duration part(Duration of, double most) {
    return millis(of.toMillis() * most * (0.3 + 0.7 * random.nextDouble()));
  }

  private static Duration millis(double millis) {
    return Duration.ofMillis((long) millis);
  }

  @Override
  public String toString() {
    return "%d calls of %s, %s, %.0f %% interactive, throttles %d + %d"
        .formatted(
            calls,
            usual,
            paced ? "%d in %s, burst %d".formatted(pace, per, burst) : "no pace",
            100 * interactive,
            throttlesBefore,
            throttlesAfter);
  }
}
