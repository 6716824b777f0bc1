package org.psidgateway.upstream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.psidgateway.model.Usage;
import org.psidgateway.upstream.Outcome.Unsent;

/** The meters of this package, all of them there from the start. */
final class UpstreamMeters {
  /** What a call waited for when its time ran out. */
  enum Phase {
    CONNECT,
    CALL
  }

  /** Detail and tag of a call that the circuit breaker prevented. */
  static final String BREAKER_OPEN = Unsent.BREAKER_OPEN;

  private static final String UNSENT = "unsent";

  /** Unsent on purpose: there was no call, so it has no duration. */
  private static final Set<String> HELD_BACK = Set.of(BREAKER_OPEN, Unsent.LATE);

  private final MeterRegistry registry;
  private final Map<String, Counter> calls = new HashMap<>();
  private final Map<Phase, Counter> timeouts = new EnumMap<>(Phase.class);
  private final Map<UsageScope, AtomicInteger> usage = new EnumMap<>(UsageScope.class);
  private final Timer duration;

  UpstreamMeters(MeterRegistry registry, IntSupplier breakerLevel) {
    this.registry = registry;
    for (String outcome :
        new String[] {"answered", UNSENT, "uncertain", BREAKER_OPEN, Unsent.LATE}) {
      calls.put(outcome, counter(outcome));
    }
    for (UpstreamError error : UpstreamError.values()) {
      calls.put(tag(error), counter(tag(error)));
    }
    for (Phase phase : Phase.values()) {
      timeouts.put(phase, timeouts(phase));
    }
    for (UsageScope scope : UsageScope.values()) {
      usage.put(scope, usageGauge(scope));
    }
    this.duration =
        Timer.builder("gateway.upstream.duration")
            .description("How long upstream calls took, including connecting")
            .serviceLevelObjectives(
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofMillis(2500),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10))
            .register(registry);
    Gauge.builder("gateway.upstream.breaker.state", breakerLevel::getAsInt)
        .description("Circuit breaker of the upstream: 0 closed, 1 half-open, 2 open")
        .baseUnit("state")
        .register(registry);
  }

  void called(Outcome outcome, long nanos) {
    String label = outcome.label();
    String tag = outcome instanceof Unsent && !HELD_BACK.contains(label) ? UNSENT : label;
    Counter counter = calls.get(tag);
    if (counter != null) {
      counter.increment();
    }
    if (!HELD_BACK.contains(tag)) {
      duration.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  void timedOut(Phase phase) {
    Counter counter = timeouts.get(phase);
    if (counter != null) {
      counter.increment();
    }
  }

  /** An absent header is not zero use, so the last figure stands. */
  void used(UsageHeaders headers) {
    usage.forEach((scope, gauge) -> headers.percent(scope).ifPresent(gauge::set));
  }

  private Counter counter(String outcome) {
    return Counter.builder("gateway.upstream.calls")
        .description("Upstream calls by outcome; breaker_open and late were never sent")
        .baseUnit("calls")
        .tag("outcome", outcome)
        .register(registry);
  }

  private Counter timeouts(Phase phase) {
    return Counter.builder("gateway.upstream.timeouts")
        .description(
            "Upstream calls that timed out: connect had no connection and sent nothing,"
                + " call had no complete answer")
        .baseUnit("timeouts")
        .tag("phase", phase.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  private AtomicInteger usageGauge(UsageScope scope) {
    AtomicInteger percent = new AtomicInteger(Usage.NOT_REPORTED);
    Gauge.builder("gateway.upstream.usage", percent, UpstreamMeters::figure)
        .description(
            "Share of the upstream's rate limit that is used, as last reported; NaN before")
        .baseUnit("percent")
        .tag("scope", scope.name().toLowerCase(Locale.ROOT))
        .strongReference(true)
        .register(registry);
    return percent;
  }

  private static double figure(AtomicInteger percent) {
    int reported = percent.get();
    return reported == Usage.NOT_REPORTED ? Double.NaN : reported;
  }

  private static String tag(UpstreamError error) {
    return error.name().toLowerCase(Locale.ROOT);
  }
}
