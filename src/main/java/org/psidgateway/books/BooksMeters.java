package org.psidgateway.books;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.psidgateway.limits.QuotaPolicy;

/** The ledger as this pod saw it last, within the few seconds between two looks. */
final class BooksMeters {

  /** What one look sees. */
  record Look(
      Instant at, QuotaReport quota, WindowReport window, LimitsReport limits, double paceUsed) {}

  private volatile @Nullable Look last;
  private volatile long lookedAt = System.nanoTime();
  private volatile int reachable;

  BooksMeters(MeterRegistry registry, QuotaPolicy policy) {
    quota(registry, "limit", QuotaReport::limit);
    quota(registry, "committed", QuotaReport::committed);
    quota(registry, "held", QuotaReport::held);
    quota(registry, "uncertain", QuotaReport::uncertain);
    quota(registry, "remaining", QuotaReport::remaining);
    gauge("gateway.quota.floor", "conversions", look -> figure(look.quota().reserveFloor()))
        .description("The part of the quota that background work may not touch")
        .register(registry);
    gauge("gateway.quota.uncertain.cap", "conversions", look -> cap(policy, look.quota().limit()))
        .description("Uncertain conversions beyond which only one call at a time goes out")
        .register(registry);
    gauge("gateway.pace.used", "ratio", Look::paceUsed)
        .description("Share of the app's pace that was used within its last period, by all pods")
        .register(registry);
    gauge("gateway.cooldown", "seconds", BooksMeters::cooldown)
        .description("How long the app's cooldown lasts from now; 0: there is none")
        .register(registry);
    gauge("gateway.cooldown.pages", "pages", look -> look.limits().cooling(look.at()))
        .description("Pages with a cooldown of their own, besides the app's")
        .register(registry);
    gauge("gateway.window.remaining", "days", BooksMeters::days)
        .description("Days until the upstream closes; NaN if no date is known")
        .register(registry);
    suspicion(registry, "upstream_quota", look -> look.quota().suspectedExhausted());
    suspicion(registry, "window_closed", look -> look.window().suspectedClosed());
    suspicion(registry, "app_secret", look -> look.limits().unproven());
    Gauge.builder("gateway.ledger.lag", this, BooksMeters::lag)
        .description("Time since this pod last saw the ledger: the figures here are that old")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("gateway.postgres.reachable", () -> reachable)
        .description("1 if PostgreSQL answered this pod's last look at the ledger, else 0")
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

  private void quota(
      MeterRegistry registry, String state, Function<QuotaReport, @Nullable Long> part) {
    gauge("gateway.quota", "conversions", look -> figure(part.apply(look.quota())))
        .description(
            "The lifetime quota by state: limit = committed + held + uncertain + remaining; limit and"
                + " remaining are NaN if the upstream has none")
        .tag("state", state)
        .register(registry);
  }

  private void suspicion(MeterRegistry registry, String what, Predicate<Look> is) {
    gauge("gateway.upstream.suspected", null, look -> is.test(look) ? 1 : 0)
        .description("1 if the upstream's answers suggest a state that it has not reported")
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

  private static double figure(@Nullable Long figure) {
    return figure == null ? Double.NaN : figure;
  }

  private static double cap(QuotaPolicy policy, @Nullable Long limit) {
    return limit == null ? Double.NaN : policy.cap(limit);
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
