package org.psidgateway.ledger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.psidgateway.ops.CallerNames;

/** Who spends: the conversions that this pod's calls brought, by caller. */
final class CallerMeters {
  /** Callers with a series of their own, by name; more than that share one, with all others. */
  private static final int MOST = 100;

  private static final String OTHER = "other";

  private final Map<String, Counter> byName = new HashMap<>();
  private final Counter other;

  CallerMeters(MeterRegistry registry, CallerNames callers) {
    Set<String> names = callers.names();
    names.stream()
        .sorted()
        .limit(MOST)
        .forEach(name -> byName.put(name, conversions(registry, name)));
    other = conversions(registry, OTHER);
  }

  private static Counter conversions(MeterRegistry registry, String caller) {
    return Counter.builder("gateway.conversions")
        .description("PSIDs that calls of this pod returned, by the caller that asked first")
        .tag("caller", caller)
        .register(registry);
  }

  void settled(Settlement settlement) {
    CallerTally tally = CallerTally.of(settlement);
    for (int i = 0; i < tally.psids().length; i++) {
      byName.getOrDefault(tally.names()[i], other).increment(tally.psids()[i]);
    }
  }
}
