package org.psidgateway.migration.work;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.psidgateway.migration.State;

/** What this process does for migrations; it knows of all of them while it is their owner. */
@Singleton
class WorkMeters {
  private final AtomicInteger owner = new AtomicInteger();
  private final AtomicInteger working = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger offTrack = new AtomicInteger();
  private final Counter compared;
  private final Counter joined;

  WorkMeters(MeterRegistry registry) {
    gauge(registry, "gateway.migration.owner", "1 in the pod that works on migrations", owner);
    gauge(registry, "gateway.migration.working", "Migrations whose ids are asked", working);
    gauge(
        registry,
        "gateway.migration.waiting",
        "Migrations that are paused, or wait for a confirmation",
        waiting);
    gauge(
        registry,
        "gateway.migration.off.track",
        "Migrations that will probably not be done by their deadline",
        offTrack);
    compared =
        Counter.builder("gateway.migration.compared")
            .description("Rows of lists, deduplicated and compared with what is known")
            .baseUnit("rows")
            .register(registry);
    joined =
        Counter.builder("gateway.migration.joined")
            .description("Ids of lists that others had converted by the time of their turn")
            .baseUnit("ids")
            .register(registry);
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, AtomicInteger value) {
    Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
  }

  void owns(List<Job> jobs, int late) {
    owner.set(1);
    working.set((int) jobs.stream().filter(Job::isWorking).count());
    waiting.set(
        (int)
            jobs.stream()
                .filter(
                    job ->
                        job.state() == State.PAUSED || job.state() == State.AWAITING_CONFIRMATION)
                .count());
    offTrack.set(late);
  }

  /** Another pod does. */
  void ownsNone() {
    owner.set(0);
    working.set(0);
    waiting.set(0);
    offTrack.set(0);
  }

  void compared(long rows) {
    compared.increment((double) rows);
  }

  void joined(int ids) {
    joined.increment(ids);
  }
}
