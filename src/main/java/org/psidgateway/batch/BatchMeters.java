package org.psidgateway.batch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** What the batches look like from outside. */
final class BatchMeters {
  private final DistributionSummary size;
  private final Timer waited;
  private final Counter joined;
  private final Counter retries;
  private final AtomicInteger unsettled = new AtomicInteger();

  BatchMeters(MeterRegistry registry, Load load, IntSupplier underWay, BooleanSupplier draining) {
    Gauge.builder("gateway.batch.calls", underWay::getAsInt)
        .description("Permits of the bulkhead in use: upstream calls under way, or about to be")
        .baseUnit("calls")
        .register(registry);
    Gauge.builder("gateway.batch.queued", load, Load::ids)
        .description("Unknown ids in this pod, waiting for their call or its answer")
        .baseUnit("ids")
        .register(registry);
    Gauge.builder("gateway.batch.waiting", load, Load::lines)
        .description("Lines of callers in this pod that wait for unknown ids, several for one id")
        .baseUnit("lines")
        .register(registry);
    Gauge.builder("gateway.batch.queued.max", load, Load::most)
        .description("Unknown ids, and lines, that may wait; beyond it ids answer queue_full")
        .baseUnit("ids")
        .register(registry);
    Gauge.builder("gateway.batch.unsettled", unsettled, AtomicInteger::get)
        .description("Ended calls whose outcome is not yet committed by PostgreSQL")
        .baseUnit("calls")
        .register(registry);
    Gauge.builder("gateway.draining", () -> draining.getAsBoolean() ? 1 : 0)
        .description("1 once this pod is going down: unknown ids are pending, no call starts")
        .register(registry);
    joined =
        Counter.builder("gateway.batch.joined")
            .description("Ids that were on their way for somebody else already: asked once for all")
            .baseUnit("ids")
            .register(registry);
    retries =
        Counter.builder("gateway.batch.retries")
            .description("Upstream calls made because an earlier one for the same ids failed")
            .baseUnit("calls")
            .register(registry);
    size =
        DistributionSummary.builder("gateway.batch.size")
            .description("Ids that an upstream call carried")
            .baseUnit("ids")
            .serviceLevelObjectives(1, 10, 50, 100, 150, 196, 200)
            .register(registry);
    waited =
        Timer.builder("gateway.batch.wait")
            .description(
                "How long a request waited for unknown ids, until the last one or its patience")
            .serviceLevelObjectives(
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30))
            .register(registry);
  }

  void sent(int ids, boolean retry) {
    size.record(ids);
    if (retry) {
      retries.increment();
    }
  }

  void joined(int ids) {
    if (ids > 0) {
      joined.increment(ids);
    }
  }

  /** How many outcomes wait for PostgreSQL. */
  AtomicInteger unsettled() {
    return unsettled;
  }

  void waited(Duration time) {
    waited.record(time);
  }
}
