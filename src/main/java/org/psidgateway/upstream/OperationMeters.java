package org.psidgateway.upstream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.DoubleSupplier;
import org.psidgateway.upstream.Outcome.Matched;

/** The meters of batches; zero while another kind of upstream is asked. */
final class OperationMeters {
  private final MeterRegistry registry;
  private final Counter answered;
  private final Counter missing;
  private final Counter refused;
  private final Counter throttled;
  private final Counter unanswered;

  OperationMeters(MeterRegistry registry, DoubleSupplier missingShare) {
    this.registry = registry;
    this.answered = counter("answered");
    this.missing = counter("missing");
    this.refused = counter("refused");
    this.throttled = counter("throttled");
    this.unanswered = counter("unanswered");
    Gauge.builder("gateway.upstream.missing.share", missingShare::getAsDouble)
        .description(
            "Share of the last 1000 answers to operations that said that the person does not exist")
        .baseUnit("ratio")
        .register(registry);
  }

  /** A batch of {@code asked} operations was answered. */
  void answered(Matched outcome, int asked, int throttled) {
    int said = outcome.complete().length + outcome.further().size();
    int rest = asked - said - outcome.missing().length - outcome.refused().length - throttled;
    answered.increment(said);
    missing.increment(outcome.missing().length);
    refused.increment(outcome.refused().length);
    this.throttled.increment(throttled);
    unanswered.increment(rest);
  }

  private Counter counter(String outcome) {
    return Counter.builder("gateway.upstream.operations")
        .description("Operations in answered batches, by outcome; unanswered ones are asked again")
        .baseUnit("operations")
        .tag("outcome", outcome)
        .register(registry);
  }
}
