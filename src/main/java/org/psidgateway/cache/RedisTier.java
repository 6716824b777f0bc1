package org.psidgateway.cache;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.logging.Log;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Verdict;

/**
 * L2, in Redis, through the reactive client: one MGET a list, one pipeline of SETs a batch of
 * answers. A time-out and a circuit breaker of its own keep a slow, dead or frozen Redis from
 * costing callers more than the time-out, and after a few of these nothing at all.
 */
final class RedisTier implements SharedTier {
  private static final int BREAKER_VOLUME = 10;
  private static final double BREAKER_RATIO = 0.5;
  private static final Duration BREAKER_DELAY = Duration.ofSeconds(1);

  /** A share of the TTL taken off at random, so that what came together does not go together. */
  private static final double TTL_JITTER = 0.1;

  private final Redis redis;
  private final Duration ttl;
  private final Duration recheckAfter;
  private final InstantSource clock;
  private final TypedGuard<Uni<@Nullable List<Response>>> guard;
  private final Timer duration;
  private volatile CircuitBreakerState state = CircuitBreakerState.CLOSED;

  RedisTier(
      Redis redis,
      CacheConfig.Redis config,
      Duration recheckAfter,
      InstantSource clock,
      MeterRegistry registry,
      TypedGuard.Builder<Uni<@Nullable List<Response>>> guard) {
    this.redis = redis;
    this.ttl = config.ttl();
    this.recheckAfter = recheckAfter;
    this.clock = clock;
    this.guard =
        guard
            .withDescription("redis")
            .withTimeout()
            .duration(Math.max(1, config.timeout().toMillis()), ChronoUnit.MILLIS)
            .done()
            .withCircuitBreaker()
            .requestVolumeThreshold(BREAKER_VOLUME)
            .failureRatio(BREAKER_RATIO)
            .delay(BREAKER_DELAY.toMillis(), ChronoUnit.MILLIS)
            .onStateChange(this::moveTo)
            .done()
            .build();
    this.duration =
        Timer.builder("gateway.cache.redis.duration")
            .description("Time that Redis took to answer, failures included")
            .register(registry);
    Gauge.builder("gateway.cache.breaker.state", () -> state.ordinal())
        .description("Circuit breaker of Redis: 0 closed, 1 open, 2 half-open")
        .register(registry);
  }

  private void moveTo(CircuitBreakerState next) {
    state = next;
    if (next == CircuitBreakerState.OPEN) {
      Log.warn("Redis does not answer in time: its tier is left out until it does");
    }
  }

  @Override
  public Uni<Findings> find(PageId page, long[] asids) {
    Request mget = Request.cmd(Command.MGET);
    for (long asid : asids) {
      mget.arg(Entry.key(page.value(), asid));
    }
    return guarded(() -> redis.send(mget).map(List::of))
        .map(responses -> read(asids, responses))
        .onFailure()
        .recoverWithItem(Findings.NONE);
  }

  private Uni<@Nullable List<Response>> guarded(Supplier<Uni<@Nullable List<Response>>> call) {
    long start = System.nanoTime();
    return guard
        .get(call)
        .onTermination()
        .invoke(() -> duration.record(System.nanoTime() - start, TimeUnit.NANOSECONDS));
  }

  private Findings read(long[] asids, @Nullable List<Response> responses) {
    Response values = responses == null ? null : responses.get(0);
    if (values == null || values.size() != asids.length) {
      return Findings.NONE;
    }
    long[][] found = new long[3][asids.length];
    int n = 0;
    for (int i = 0; i < asids.length; i++) {
      Response value = values.get(i);
      byte[] bytes = value == null ? new byte[0] : value.toBytes();
      if (Entry.isValue(bytes) && stands(Entry.verdict(bytes), Entry.checkedAt(bytes))) {
        found[0][n] = asids[i];
        found[1][n] = Entry.verdict(bytes);
        found[2][n++] = Entry.checkedAt(bytes);
      }
    }
    return new Findings(
        Arrays.copyOf(found[0], n), Arrays.copyOf(found[1], n), Arrays.copyOf(found[2], n));
  }

  private boolean stands(long verdict, long checkedAt) {
    return Verdict.isPsid(verdict) || secondsLeft(checkedAt) > 0;
  }

  private long secondsLeft(long checkedAt) {
    return checkedAt + recheckAfter.toSeconds() - clock.instant().getEpochSecond();
  }

  @Override
  public void keep(PageId page, Findings findings) {
    if (state != CircuitBreakerState.CLOSED) {
      return; // look-ups probe; writes wait until one has succeeded
    }
    List<Request> sets = new ArrayList<>(findings.size());
    for (int i = 0; i < findings.size(); i++) {
      long verdict = findings.verdicts()[i];
      long checkedAt = findings.checkedAt()[i];
      long seconds = Verdict.isPsid(verdict) ? life() : Math.min(life(), secondsLeft(checkedAt));
      if (seconds > 0) {
        sets.add(
            Request.cmd(Command.SET)
                .arg(Entry.key(page.value(), findings.asids()[i]))
                .arg(Entry.value(verdict, checkedAt))
                .arg("EX")
                .arg(seconds));
      }
    }
    if (!sets.isEmpty()) {
      guarded(() -> redis.batch(sets)).subscribe().with(done -> {}, failure -> {});
    }
  }

  private long life() {
    double share = 1 - ThreadLocalRandom.current().nextDouble(TTL_JITTER);
    return Math.max(1, (long) (ttl.toSeconds() * share));
  }

  @Override
  public Uni<Void> evict(PageId page, long[] asids) {
    if (asids.length == 0) {
      return Uni.createFrom().voidItem();
    }
    Request del = Request.cmd(Command.DEL);
    for (long asid : asids) {
      del.arg(Entry.key(page.value(), asid));
    }
    return guarded(() -> redis.send(del).map(List::of)).replaceWithVoid();
  }
}
