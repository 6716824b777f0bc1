package org.psidgateway.ledger;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;
import org.psidgateway.ledger.Ledger.Quota;

/** The quota as this pod saw it last, within the sweep's few seconds. */
final class QuotaMeters {
  private volatile Quota last = new Quota(0, 0, 0, 0, 0, 0);

  QuotaMeters(MeterRegistry registry) {
    register(registry, "limit", Quota::limit);
    register(registry, "committed", Quota::committed);
    register(registry, "held", Quota::held);
    register(registry, "uncertain", Quota::uncertain);
    register(registry, "remaining", Quota::remaining);
  }

  private void register(MeterRegistry registry, String state, ToLongFunction<Quota> part) {
    Gauge.builder("gateway.quota", () -> part.applyAsLong(last))
        .description(
            "The lifetime quota by state: limit = committed + held + uncertain + remaining")
        .baseUnit("conversions")
        .tag("state", state)
        .register(registry);
  }

  void show(Quota quota) {
    last = quota;
  }
}
