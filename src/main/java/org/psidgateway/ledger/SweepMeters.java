package org.psidgateway.ledger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/** Which pod sweeps, and what it found. */
final class SweepMeters {
  private final Counter swept;

  SweepMeters(MeterRegistry registry, BooleanSupplier sweeps) {
    Gauge.builder("gateway.ledger.sweeper", () -> sweeps.getAsBoolean() ? 1 : 0)
        .description("1 on the pod that gives up expired calls, 0 on the others")
        .register(registry);
    swept =
        Counter.builder("gateway.ledger.swept")
            .description("Calls that nobody settled in time, found to be uncertain by this pod")
            .baseUnit("calls")
            .register(registry);
  }

  void swept(int calls) {
    swept.increment(calls);
  }
}
