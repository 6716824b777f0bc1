package org.psidgateway.ledger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Fate;
import org.psidgateway.ops.OutageLog;

/** What this pod's reserves decided, and how long PostgreSQL took for them and for settlements. */
final class SpendingMeters {
  private static final String NO_REASON = "none";

  /** A call in time between two late ones is no end. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final Counter granted;
  private final Counter nothing;
  private final Map<Fate, Counter> waits = new EnumMap<>(Fate.class);
  private final Map<Fate, Counter> refusals = new EnumMap<>(Fate.class);
  private final Counter late;
  private final OutageLog tooLate =
      new OutageLog(
          Ledger.class,
          "Calls are postponed: grants take longer than their sending deadline, since PostgreSQL is far"
              + " away or slow",
          "Grants are within their sending deadline again",
          QUIET);
  private final Timer reserve;
  private final Timer settle;

  SpendingMeters(MeterRegistry registry) {
    granted = decisions(registry, "granted", NO_REASON);
    nothing = decisions(registry, "nothing", NO_REASON);
    for (Fate fate : Fate.values()) {
      if (fate.status() == Fate.Status.PENDING) {
        waits.put(fate, decisions(registry, "wait", fate.reason()));
      }
      if (fate.status() == Fate.Status.FAILED || fate == Fate.QUOTA_RESERVED) {
        refusals.put(fate, decisions(registry, "refused", fate.reason()));
      }
    }
    late =
        Counter.builder("gateway.ledger.late")
            .description("Grants that could not be used before their sending deadline: given back")
            .baseUnit("calls")
            .register(registry);
    reserve = duration(registry, "reserve");
    settle = duration(registry, "settle");
  }

  void decided(Decision decision, long nanos) {
    reserve.record(nanos, TimeUnit.NANOSECONDS);
    add(
        decision.<@Nullable Counter>fold(
            grant -> granted,
            none -> nothing,
            wait -> waits.get(wait.why()),
            denied -> refusals.get(denied.why())));
  }

  void sent() {
    tooLate.recovered();
  }

  void late(Duration after, Duration next) {
    late.increment();
    tooLate.failed("after %d ms; next deadline %d ms".formatted(after.toMillis(), next.toMillis()));
  }

  void settled(long nanos) {
    settle.record(nanos, TimeUnit.NANOSECONDS);
  }

  private static void add(@Nullable Counter counter) {
    if (counter != null) {
      counter.increment();
    }
  }

  private static Counter decisions(MeterRegistry registry, String decision, String reason) {
    return Counter.builder("gateway.ledger.decisions")
        .description(
            "Reserves by what the ledger decided; nothing: the ids were known or asked already")
        .baseUnit("reserves")
        .tag("decision", decision)
        .tag("reason", reason)
        .register(registry);
  }

  private static Timer duration(MeterRegistry registry, String work) {
    return Timer.builder("gateway.ledger.duration")
        .description("How long a successful reserve or settlement took, the connection included")
        .tag("work", work)
        .serviceLevelObjectives(
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(2))
        .register(registry);
  }
}
