package org.psidgateway.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;

/** What the replica does; all there from the start, with a replica or without. */
@Singleton
class ReplicaMeters {
  private final Counter hits;
  private final Counter misses;
  private final Counter failures;
  private volatile double behind = Double.NaN;
  private volatile double usable = Double.NaN;

  ReplicaMeters(MeterRegistry registry) {
    hits = ids(registry, "hit");
    misses = ids(registry, "miss");
    failures =
        Counter.builder("gateway.store.replica.failures")
            .description("Look-ups that the replica did not answer in time")
            .baseUnit("lookups")
            .register(registry);
    Gauge.builder("gateway.store.replica.lag", () -> behind)
        .description("How far the replica was behind at this pod's last check; NaN without one")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("gateway.store.replica.usable", () -> usable)
        .description("1 while look-ups ask the replica first, else 0; NaN without one")
        .register(registry);
  }

  void asked(int ids, int found) {
    hits.increment(found);
    misses.increment(ids - found);
  }

  void failed() {
    failures.increment();
  }

  void behind(Duration lag) {
    behind = lag.toNanos() / 1e9;
  }

  void usable(boolean now) {
    usable = now ? 1 : 0;
  }

  private static Counter ids(MeterRegistry registry, String result) {
    return Counter.builder("gateway.store.replica.requests")
        .description("Ids looked up in the replica: hits and misses")
        .baseUnit("ids")
        .tag("result", result)
        .register(registry);
  }
}
