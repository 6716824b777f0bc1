package org.psidgateway.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
  private Duration took = Duration.ofMillis(300);
  private long nextId = 1;
  private long calls;
  private @Nullable Duration besidesEvery;
  private Instant besidesAt = Instant.MAX;

  private record UnderWay(Granted granted, Instant until) {}

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

  /** How long a call takes. */
  void took(Duration time) {
    took = time;
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
    besidesEvery = every;
    besidesAt = now();
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
    Instant end = now().plus(time);
    while (now().isBefore(end)) {
      settleEnded();
      Instant next = besides();
      sleepUntil(next.isBefore(end) ? next : end);
    }
  }

  /** Converts ids that nobody knows yet; returns when the last call was answered. */
  Instant convert(long ids) throws SQLException {
    long left = ids;
    calls = 0;
    int own = 0;
    while (true) {
      own = settleEnded();
      if (left == 0 && own == 0) {
        return now();
      }
      Instant next = besides();
      if (left > 0 && own < SLOTS) {
        Decision decision = reserve(Lane.BACKGROUND, (int) Math.min(left, 400));
        if (decision instanceof Granted granted) {
          left -= granted.asids().length;
          calls++;
          underWay.add(new UnderWay(granted, now().plus(took)));
          continue;
        }
        assertThat(decision).isInstanceOf(Wait.class);
        next = earlier(next, now().plus(((Wait) decision).delay()));
      }
      for (UnderWay call : underWay) {
        next = earlier(next, call.until);
      }
      sleepUntil(next);
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private void sleepUntil(Instant next) {
    Duration wait = Duration.between(now(), next);
    clock.advance(wait.isNegative() ? Duration.ZERO : wait.plusMillis(1));
  }

  /** Interactive calls that are due, and when to look again. */
  private Instant besides() throws SQLException {
    while (!besidesAt.isAfter(now())) {
      Decision decision = reserve(Lane.INTERACTIVE, 1);
      if (decision instanceof Wait wait) {
        return now().plus(wait.delay());
      }
      underWay.add(new UnderWay((Granted) decision, now().plus(took)));
      besidesAt = besidesAt.plus(besidesEvery == null ? Duration.ZERO : besidesEvery);
    }
    return besidesAt;
  }

  /** How many background calls are still under way. */
  private int settleEnded() throws SQLException {
    int background = 0;
    for (UnderWay call : List.copyOf(underWay)) {
      if (call.until.isAfter(now())) {
        background += call.granted.call().lane() == Lane.BACKGROUND ? 1 : 0;
      } else {
        underWay.remove(call);
        long[] asids = call.granted.asids();
        long[] psids = Arrays.stream(asids).map(asid -> asid + 1_000_000_000).toArray();
        ledger.settle(
            Settlement.answered(
                    call.granted.call(), Findings.of(asids, psids), psids.length, Usage.UNKNOWN)
                .arrived(took));
      }
    }
    return background;
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
