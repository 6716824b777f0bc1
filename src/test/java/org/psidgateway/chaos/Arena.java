package org.psidgateway.chaos;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.simulator.Witness;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** Pods, their services, their callers, and the audit of all of them. */
final class Arena implements AutoCloseable {
  final Services services;
  final List<Slot> slots;
  final Traffic traffic;
  final Audit audit;
  final Plan plan;
  final long limit;
  private final AtomicLong nextId = new AtomicLong(1_000_000);

  Arena(Services services, Plan plan) {
    this.services = services;
    this.plan = plan;
    slots =
        IntStream.range(0, plan.pods())
            .mapToObj(i -> new Slot("pod-" + i, services, plan.apply(settings(), i)))
            .toList();
    audit = new Audit(services.database().sql(), witness(), script(), plan);
    CompletableFuture.allOf(
            slots.stream()
                .map(slot -> CompletableFuture.runAsync(slot::start))
                .toArray(CompletableFuture[]::new))
        .join();
    limit = victim().gateway().get("/v1/quota").body().path("limit").asLong();
    traffic = new Traffic(this);
  }

  private Pod.Settings settings() {
    return new Pod.Settings(services.database(), services.graph().baseUrl());
  }

  /** The pod that is stopped, killed, or has its links broken; the others are to carry on. */
  Slot victim() {
    return slots.get(0);
  }

  SimulatorScript script() {
    return services.graph().script();
  }

  Witness witness() {
    return services.graph().witness();
  }

  /** Ids that nobody has asked for yet. */
  long[] newIds(int count) {
    return Gateway.ids(nextId.getAndAdd(count), count);
  }

  /** Those of them that the upstream maps on every Page. */
  long[] newMappedIds(int count) {
    return LongStream.of(newIds(count + 5))
        .filter(id -> script().maps(100, id) && script().maps(200, id))
        .limit(count)
        .toArray();
  }

  List<Slot> serving() {
    return slots.stream().filter(Slot::serving).toList();
  }

  /** Lets a fault last. */
  void endure(Duration time) {
    Awaitility.await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
  }

  void endure(int seconds) {
    endure(Duration.ofSeconds(seconds));
  }

  /** Ends every fault: services first, so that pods find them when they start. */
  void heal() {
    script().clearFaults();
    script()
        .change(
            settings -> {
              settings.rateCalls = null;
              settings.rowsPerPage = 25;
              settings.emptyPages = 0;
            });
    services.redis().heal();
    services.postgres().heal();
    slots.forEach(Slot::heal);
  }

  @Override
  public void close() {
    traffic.close();
    slots.forEach(Slot::close);
    services.close();
  }
}
