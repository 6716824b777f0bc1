package org.psidgateway.ledger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Ledger.LimitsOf;
import org.psidgateway.ledger.Ledger.Quota;
import org.psidgateway.ledger.Ledger.Window;

/** The ledger as this pod saw it last, within the few seconds between two looks. */
final class LedgerMeters {

  /** What one look sees. */
  record Look(Instant at, Quota quota, Window window, LimitsOf limits, double paceUsed) {}

  private volatile @Nullable Look last;
  private volatile long lookedAt = System.nanoTime();
  private volatile int reachable;
  private final Counter swept;

  LedgerMeters(MeterRegistry registry, QuotaConfig config, BooleanSupplier sweeps) {
    quota(registry, "limit", Quota::limit);
    quota(registry, "committed", Quota::committed);
    quota(registry, "held", Quota::held);
    quota(registry, "uncertain", Quota::uncertain);
    quota(registry, "remaining", Quota::remaining);
    gauge("gateway.quota.floor", "conversions", look -> look.quota().reserveFloor())
        .description("The part of the quota that background work may not touch")
        .register(registry);
    gauge(
            "gateway.quota.uncertain.cap",
            "conversions",
            look -> look.quota().limit() * config.uncertainCap())
        .description("Uncertain conversions beyond which only one call at a time goes out")
        .register(registry);
    gauge("gateway.pace.used", "ratio", Look::paceUsed)
        .description("Share of the app's pace that was used within the last window, by all pods")
        .register(registry);
    gauge("gateway.cooldown", "seconds", LedgerMeters::cooldown)
        .description("How long the app's cooldown lasts from now; 0: there is none")
        .register(registry);
    gauge("gateway.cooldown.pages", "pages", look -> look.limits().cooling(look.at()))
        .description("Pages with a cooldown of their own, besides the app's")
        .register(registry);
    gauge("gateway.window.remaining", "days", LedgerMeters::days)
        .description("Days until the upstream closes; NaN where no date is known")
        .register(registry);
    suspicion(registry, "upstream_quota", look -> look.quota().suspectedExhausted());
    suspicion(registry, "window_closed", look -> look.window().suspectedClosed());
    suspicion(registry, "app_secret", look -> look.limits().unproven());
    Gauge.builder("gateway.ledger.lag", this, LedgerMeters::lag)
        .description("Time since this pod last saw the ledger: the figures here are that old")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("gateway.postgres.reachable", () -> reachable)
        .description("1 where PostgreSQL answered this pod's last look at the ledger, else 0")
        .register(registry);
    Gauge.builder("gateway.ledger.sweeper", () -> sweeps.getAsBoolean() ? 1 : 0)
        .description("1 on the pod that gives expired calls up, 0 on the others")
        .register(registry);
    swept =
        Counter.builder("gateway.ledger.swept")
            .description("Calls that nobody settled in time, found to be uncertain by this pod")
            .baseUnit("calls")
            .register(registry);
  }

  void show(Look look) {
    last = look;
    lookedAt = System.nanoTime();
    reachable = 1;
  }

  void unreachable() {
    reachable = 0;
  }

  void swept(int calls) {
    swept.increment(calls);
  }

  private void quota(MeterRegistry registry, String state, ToDoubleFunction<Quota> part) {
    gauge("gateway.quota", "conversions", look -> part.applyAsDouble(look.quota()))
        .description(
            "The lifetime quota by state: limit = committed + held + uncertain + remaining")
        .tag("state", state)
        .register(registry);
  }

  private void suspicion(MeterRegistry registry, String what, Predicate<Look> is) {
    gauge("gateway.upstream.suspected", null, look -> is.test(look) ? 1 : 0)
        .description("1 where the upstream's answers hint at what nobody has told")
        .tag("what", what)
        .register(registry);
  }

  private Gauge.Builder<?> gauge(String name, @Nullable String unit, ToDoubleFunction<Look> value) {
    return Gauge.builder(
            name,
            () -> {
              Look look = last;
              return look == null ? Double.NaN : value.applyAsDouble(look);
            })
        .baseUnit(unit);
  }

  private double lag() {
    return (System.nanoTime() - lookedAt) / 1e9;
  }

  private static double cooldown(Look look) {
    Instant until = look.limits().app().cooldownUntil();
    return until == null ? 0 : Math.max(0, Duration.between(look.at(), until).toMillis() / 1e3);
  }

  private static double days(Look look) {
    Long days = look.window().daysRemaining();
    return days == null ? Double.NaN : days;
  }
}
