package org.psidgateway.cache;

import io.micrometer.core.instrument.Timer;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jspecify.annotations.Nullable;
import org.psidgateway.deployment.RedisServers;
import org.psidgateway.ops.OutageLog;

/**
 * Redis behind a time-out and a circuit breaker, for one kind of work: a Redis that is full refuses
 * writes and still answers reads. Thread-safe.
 */
final class GuardedRedis {
  private final String work;
  private final Pipeline pipeline;
  private final TypedGuard<Uni<List<@Nullable Response>>> guard;
  private final CacheMeters meters;
  private final RedisServers servers;
  private final OutageLog outage;

  /** Why Redis failed last; null if it did not answer in time, which is all that is known then. */
  private volatile @Nullable Throwable failure;

  GuardedRedis(
      String work,
      Pipeline pipeline,
      CacheConfig.Redis config,
      TypedGuard.Builder<Uni<List<@Nullable Response>>> builder,
      CacheMeters meters,
      RedisServers servers) {
    this.work = work;
    this.pipeline = pipeline;
    this.meters = meters;
    this.servers = servers;
    this.outage =
        new OutageLog(
            GuardedRedis.class,
            "The circuit breaker of Redis is open (" + work + "): " + meanwhile(work),
            "The circuit breaker of Redis is closed (" + work + ")");
    this.guard =
        builder
            .withDescription("cache " + work)
            .withThreadOffload(false) // the client never blocks, and its callers are event loops
            .withTimeout()
            .duration(config.timeout().toMillis(), ChronoUnit.MILLIS)
            .done()
            .withCircuitBreaker()
            .name("cache-redis-" + work)
            .requestVolumeThreshold(config.breaker().requestVolume())
            .failureRatio(config.breaker().failureRatio())
            .delay(config.breaker().delay().toMillis(), ChronoUnit.MILLIS)
            .successThreshold(1) // one answer in time, and all ask again
            .onStateChange(this::moved)
            .done()
            .build();
  }

  /**
   * One round trip for all requests, made when subscribed to; null is the answer to one that failed
   * while others did not. Fails if none succeeded, if the answers don't come in time, and at once
   * while the breaker is open.
   */
  Uni<List<@Nullable Response>> send(List<Request> requests) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Timer.Sample begun = meters.start();
              return guard
                  .get(() -> batch(requests))
                  .onItemOrFailure()
                  .invoke((responses, failure) -> ended(begun, failure));
            });
  }

  private Uni<List<@Nullable Response>> batch(List<Request> requests) {
    return Uni.createFrom()
        .emitter(
            emitter ->
                pipeline
                    .send(requests)
                    .onSuccess(emitter::complete)
                    .onFailure(
                        why -> {
                          failure = why;
                          emitter.fail(why);
                        }));
  }

  private void ended(Timer.Sample begun, @Nullable Throwable failure) {
    if (!(failure instanceof CircuitBreakerOpenException)) {
      meters.redis(work, failure == null, begun);
    }
  }

  /** Logs an outage when it begins and when it is over, not at each try meanwhile. */
  private void moved(CircuitBreakerState state) {
    meters.breaker(work, state);
    if (state == CircuitBreakerState.OPEN) {
      outage.failed(servers.describe(failure));
    } else if (state == CircuitBreakerState.CLOSED) {
      failure = null;
      outage.recovered();
    }
  }

  private static String meanwhile(String work) {
    return work.equals(CacheMeters.READ)
        ? "known ids come from PostgreSQL"
        : "answers are not written to Redis";
  }
}
