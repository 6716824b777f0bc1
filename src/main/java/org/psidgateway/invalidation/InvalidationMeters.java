package org.psidgateway.invalidation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether this pod keeps up with the changes. */
@Singleton
class InvalidationMeters {
  private final Map<String, Counter> handled;
  private volatile long lastRead = System.nanoTime();
  private volatile int connected;

  InvalidationMeters(MeterRegistry registry) {
    handled =
        Stream.of(Change.PAGE, Change.MAPPING, Change.PERSON)
            .collect(Collectors.toMap(Function.identity(), what -> counter(registry, what)));
    Gauge.builder("gateway.invalidation.lag", this, InvalidationMeters::lag)
        .description("Time since this pod last read what changed: copies are at most that stale")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("gateway.invalidation.messenger", this, meters -> meters.connected)
        .description(
            "1 while Redis brings change notices, 0 while changes are found by polling alone")
        .baseUnit("connections")
        .register(registry);
  }

  void handled(List<Change> changes) {
    long seq = 0;
    for (Change change : changes) {
      Counter counter = handled.get(change.what());
      if (counter != null && change.seq() != seq) { // a person is there once for each Page
        counter.increment();
      }
      seq = change.seq();
    }
  }

  void read() {
    lastRead = System.nanoTime();
  }

  void connected(boolean yes) {
    connected = yes ? 1 : 0;
  }

  private double lag() {
    return (System.nanoTime() - lastRead) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private static Counter counter(MeterRegistry registry, String what) {
    return Counter.builder("gateway.invalidations")
        .description("Changes that this pod heard of and forgot its copies for")
        .baseUnit("changes")
        .tag("what", what)
        .register(registry);
  }
}
