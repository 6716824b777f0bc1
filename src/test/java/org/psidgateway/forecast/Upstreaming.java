package org.psidgateway.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.Ledgers;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;

/** A pod that converts ids by the real ledger, on a clock that jumps to the next event. */
final class Upstreaming {
  static final PageId PAGE = new PageId(100);
  private static final int SLOTS = Forecasting.CONCURRENCY - 1;

  private final ShiftedClock clock = new ShiftedClock();
  private final Ledgers ledgers;
  private final Ledger ledger;
  private final Forecasts forecasts;
  private final List<UnderWay> underWay = new ArrayList<>();
  private final PageId scope;
  private Supplier<Duration> took = () -> Duration.ofMillis(300);
  private long nextId = 1;
  private long calls;
  private @Nullable Supplier<Duration> besidesEvery;
  private Instant besidesAt = Instant.MAX;

  /** From then on calls take their time: what the test takes for them is not theirs. */
  private Instant woken = Instant.MIN;

  private final Deque<Throttle> throttles = new ArrayDeque<>();

  private record Throttle(Instant at, Duration cooldown) {}

  /**
   * @param cooldown the upstream's answer; null if it answers as it should
   */
  private record UnderWay(
      Granted granted, Duration took, Instant until, @Nullable Duration cooldown) {

    boolean isBackground() {
      return granted.call().lane() == Lane.BACKGROUND;
    }
  }

  Upstreaming(DataSource inner, Ledgers ledgers) throws SQLException {
    DataSource dataSource = clock.over(inner);
    new Sql(dataSource)
        .execute(
            "insert into page (page_id, token_revision, token) values (100, 1, '') on conflict do nothing");
    this.ledgers = ledgers;
    this.ledger = ledgers.on(dataSource);
    this.forecasts = Forecasting.on(dataSource, ledgers.limits(), ledgers.tariff());
    this.scope = ledgers.tariff().scope(PAGE);
  }

  /** How long each call takes. */
  void took(Duration time) {
    took = () -> time;
  }

  void took(Supplier<Duration> times) {
    took = times;
  }

  Instant now() {
    return clock.instant();
  }

  /** HTTP calls of the latest work. */
  long calls() {
    return calls;
  }

  Forecast forecast(long ids) throws SQLException {
    return forecasts.of(new Work(PAGE, ids, Lane.BACKGROUND, 1, 0));
  }

  /** Somebody else asks for one id each time that so much has passed. */
  void besides(Duration every) {
    besides(() -> every);
  }

  void besides(Supplier<Duration> every) {
    besidesEvery = every;
    besidesAt = now();
  }

  /** From then on the next call of the work is refused, and all stop for a while. */
  void throttleAt(Instant at, Duration cooldown) {
    throttles.add(new Throttle(at, cooldown));
  }

  void throttle(Optional<Duration> regain) throws SQLException {
    ledger.settle(
        Settlement.throttled(interactive().call(), true, regain, "throttled_app", Usage.UNKNOWN));
  }

  /** Somebody asks for one id, and waits until the call is granted. */
  Granted interactive() throws SQLException {
    Decision decision = reserve(Lane.INTERACTIVE, 1);
    while (decision instanceof Wait wait) {
      clock.advance(wait.delay().plusMillis(1));
      decision = reserve(Lane.INTERACTIVE, 1);
    }
    return (Granted) decision;
  }

  /** Nothing is converted for a while. */
  void pass(Duration time) throws SQLException {
    woken = now();
    Instant end = woken.plus(time);
    while (now().isBefore(end)) {
      settleEnded();
      sleepUntil(earlier(firstEnd(besides()), end));
    }
  }

  /** Converts ids that nobody knows yet; returns when the last call was answered. */
  Instant convert(long ids) throws SQLException {
    long left = ids;
    woken = now();
    calls = 0;
    int own;
    while (true) {
      left += settleEnded();
      own = (int) underWay.stream().filter(UnderWay::isBackground).count();
      if (left == 0 && own == 0) {
        return now();
      }
      Instant next = besides();
      if (left > 0 && own < SLOTS) {
        Decision decision = reserve(Lane.BACKGROUND, (int) Math.min(left, 400));
        if (decision instanceof Granted granted) {
          left -= granted.asids().length;
          calls++;
          begin(granted);
          continue;
        }
        assertThat(decision).isInstanceOf(Wait.class);
        next = earlier(next, now().plus(((Wait) decision).delay()));
      }
      sleepUntil(firstEnd(next));
    }
  }

  /** When a call ends, if that is before. */
  private Instant firstEnd(Instant before) {
    return underWay.stream().map(UnderWay::until).reduce(before, Upstreaming::earlier);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private void sleepUntil(Instant next) {
    Duration wait = Duration.between(now(), next);
    woken = wait.isNegative() ? now() : next;
    clock.advance(wait.isNegative() ? Duration.ZERO : wait.plusMillis(1));
  }

  /** Interactive calls that are due, and when to look again. */
  private Instant besides() throws SQLException {
    while (!besidesAt.isAfter(now())) {
      Decision decision = reserve(Lane.INTERACTIVE, 1);
      if (decision instanceof Wait wait) {
        return now().plus(wait.delay());
      }
      begin((Granted) decision);
      besidesAt = besidesAt.plus(besidesEvery == null ? Duration.ZERO : besidesEvery.get());
    }
    return besidesAt;
  }

  private void begin(Granted granted) {
    Throttle next = throttles.peek();
    boolean throttled =
        next != null && !next.at.isAfter(now()) && granted.call().lane() == Lane.BACKGROUND;
    Duration time = took.get();
    underWay.add(
        new UnderWay(
            granted, time, woken.plus(time), throttled ? throttles.remove().cooldown : null));
  }

  /** How many ids of the work are to be asked again. */
  private int settleEnded() throws SQLException {
    int again = 0;
    for (UnderWay call : List.copyOf(underWay)) {
      if (!call.until.isAfter(now())) {
        underWay.remove(call);
        settle(call);
        again += call.cooldown == null ? 0 : call.granted.asids().length;
      }
    }
    return again;
  }

  private void settle(UnderWay call) throws SQLException {
    long[] asids = call.granted.asids();
    long[] psids = Arrays.stream(asids).map(asid -> asid + 1_000_000_000).toArray();
    Settlement end =
        call.cooldown == null
            ? Settlement.answered(
                call.granted.call(), Findings.of(asids, psids), psids.length, Usage.UNKNOWN)
            : Settlement.throttled(
                call.granted.call(),
                true,
                Optional.of(call.cooldown),
                "throttled_app",
                Usage.UNKNOWN);
    ledger.settle(end.arrived(call.took));
  }

  private Decision reserve(Lane lane, int count) throws SQLException {
    long[] ids = LongStream.range(nextId, nextId + count).toArray();
    Decision decision =
        ledger.reserve(
            new Ledger.Request(
                UUID.randomUUID(),
                scope,
                lane,
                ids,
                OneCaller.of(ids),
                Map.of(PAGE, ids),
                Set.of(),
                ledgers.tariff(),
                false,
                false,
                Duration.ofSeconds(10)));
    if (decision instanceof Granted granted) {
      nextId = granted.asids()[granted.asids().length - 1] + 1;
    }
    return decision;
  }
}
