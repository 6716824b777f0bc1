package org.psidgateway.resolve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Source;

/** What callers were answered, by fate and by source; counted once per list, not once per id. */
@Startup
@Singleton
class ResolveMeters {
  private final Map<Fate, Counter> byFate = new EnumMap<>(Fate.class);
  private final Map<Source, Counter> bySource = new EnumMap<>(Source.class);

  private final Timer lists;
  private final Timer single;

  ResolveMeters(MeterRegistry registry) {
    lists = lookUps(registry, "list");
    single = lookUps(registry, "single");
    for (Fate fate : Fate.values()) {
      byFate.put(
          fate,
          Counter.builder("gateway.answers")
              .description("Ids answered, by what became of them")
              .baseUnit("ids")
              .tag("status", fate.status().wireName())
              .tag("reason", fate == Fate.MAPPED ? "none" : fate.reason())
              .register(registry));
    }
    for (Source source : Source.values()) {
      bySource.put(
          source,
          Counter.builder("gateway.answers.source")
              .description("Ids with a final answer, by where it came from")
              .baseUnit("ids")
              .tag("source", source.wireName())
              .register(registry));
    }
  }

  /** A list that was answered without the upstream. */
  void lookedUpList(long nanos) {
    lists.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** One id, found or not. */
  void lookedUpOne(long nanos) {
    single.record(nanos, TimeUnit.NANOSECONDS);
  }

  private static Timer lookUps(MeterRegistry registry, String kind) {
    return Timer.builder("gateway.lookup.duration")
        .description("How long requests took to answer that needed no upstream, HTTP not included")
        .tag("kind", kind)
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(250),
            Duration.ofSeconds(1))
        .register(registry);
  }

  Answers count(Answers answers) {
    int[] fates = new int[Fate.values().length];
    int[] sources = new int[Source.values().length];
    for (int i = 0; i < answers.size(); i++) {
      Fate fate = answers.fate(i);
      if (fate != null) {
        fates[fate.ordinal()]++;
      }
      Source source = answers.source(i);
      if (source != null) {
        sources[source.ordinal()]++;
      }
    }
    byFate.forEach((fate, counter) -> add(counter, fates[fate.ordinal()]));
    bySource.forEach((source, counter) -> add(counter, sources[source.ordinal()]));
    return answers;
  }

  private static void add(Counter counter, int ids) {
    if (ids > 0) {
      counter.increment(ids);
    }
  }
}
