package org.psidgateway.store;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How long PostgreSQL takes to answer look-ups: the path of every id that no cache has. */
@Startup
@Singleton
class StoreMeters {
  private final Timer answered;
  private final Timer failed;

  StoreMeters(MeterRegistry registry) {
    answered = lookUps(registry, "answered");
    failed = lookUps(registry, "failed");
  }

  void lookedUp(boolean succeeded, long nanos) {
    (succeeded ? answered : failed).record(nanos, TimeUnit.NANOSECONDS);
  }

  private static Timer lookUps(MeterRegistry registry, String outcome) {
    return Timer.builder("gateway.store.duration")
        .description("How long a look-up in PostgreSQL took, including the wait for a connection")
        .tag("outcome", outcome)
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(2))
        .register(registry);
  }
}
