package org.psidgateway.upstream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.psidgateway.upstream.UsageHeaders.Scope;

/** The meters of this package, all of them there from the start. */
final class UpstreamMetrics {
  private final MeterRegistry registry;
  private final Map<String, Counter> calls = new HashMap<>();
  private final Map<Scope, AtomicInteger> usage = new EnumMap<>(Scope.class);
  private final Timer duration;

  UpstreamMetrics(MeterRegistry registry, IntSupplier breakerLevel) {
    this.registry = registry;
    for (String outcome : new String[] {"answered", "unsent", "uncertain", "breaker_open"}) {
      calls.put(outcome, counter(outcome));
    }
    for (UpstreamError error : UpstreamError.values()) {
      calls.put(tag(error), counter(tag(error)));
    }
    for (Scope scope : Scope.values()) {
      usage.put(scope, usageGauge(scope));
    }
    this.duration =
        Timer.builder("gateway.upstream.duration")
            .description("How long upstream calls took, connecting included")
            .register(registry);
    Gauge.builder("gateway.upstream.breaker.state", breakerLevel::getAsInt)
        .description("Circuit breaker of the upstream: 0 closed, 1 half-open, 2 open")
        .register(registry);
  }

  void called(Outcome outcome, long nanos) {
    count(
        outcome.fold(
            answered -> "answered",
            refused -> tag(refused.error()),
            unsent -> "unsent",
            uncertain -> "uncertain"));
    duration.record(nanos, TimeUnit.NANOSECONDS);
  }

  void prevented() {
    count("breaker_open");
  }

  /** An absent header is not zero use, so the last figure stands. */
  void used(UsageHeaders headers) {
    usage.forEach((scope, gauge) -> headers.percent(scope).ifPresent(gauge::set));
  }

  private void count(String outcome) {
    Counter counter = calls.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }

  private Counter counter(String outcome) {
    return Counter.builder("gateway.upstream.calls")
        .description("Upstream calls by what came of them")
        .tag("outcome", outcome)
        .register(registry);
  }

  private AtomicInteger usageGauge(Scope scope) {
    AtomicInteger percent = new AtomicInteger();
    Gauge.builder("gateway.upstream.usage", percent, AtomicInteger::get)
        .description("Share of the upstream's rate limit that is used, as it said last")
        .baseUnit("percent")
        .tag("scope", scope.name().toLowerCase(Locale.ROOT))
        .strongReference(true)
        .register(registry);
    return percent;
  }

  private static String tag(UpstreamError error) {
    return error.name().toLowerCase(Locale.ROOT);
  }
}
