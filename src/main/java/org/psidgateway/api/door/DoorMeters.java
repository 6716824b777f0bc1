package org.psidgateway.api.door;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What came through the door, and how it was answered. */
@Startup
@Singleton
class DoorMeters {
  private static final int NO_ERROR = 0;

  private final Map<Integer, Timer> byCode = new HashMap<>();

  DoorMeters(MeterRegistry registry) {
    byCode.put(NO_ERROR, timer(registry, "none"));
    for (GraphError error : GraphError.values()) {
      byCode.computeIfAbsent(error.code(), code -> timer(registry, Integer.toString(code)));
    }
  }

  private static Timer timer(MeterRegistry registry, String code) {
    return Timer.builder("gateway.door.requests")
        .description("Requests of programs that know only Graph, by the code of the error")
        .tag("code", code)
        .register(registry);
  }

  void answered(long nanos) {
    record(NO_ERROR, nanos);
  }

  void refused(GraphError error, long nanos) {
    record(error.code(), nanos);
  }

  private void record(int code, long nanos) {
    Objects.requireNonNull(byCode.get(code)).record(nanos, TimeUnit.NANOSECONDS);
  }
}
