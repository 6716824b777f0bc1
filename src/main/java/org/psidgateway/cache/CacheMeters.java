package org.psidgateway.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of this package, all of them there from the start; counted once per list. */
final class CacheMeters {
  static final String READ = "read";
  static final String WRITE = "write";

  private final MeterRegistry registry;
  private final Counter localHits;
  private final Counter localMisses;
  private final Counter sharedHits;
  private final Counter sharedMisses;
  private final Counter sharedErrors;
  private final Counter rejected;
  private final Map<String, AtomicInteger> breakers;
  private final Map<String, Timer> answered;
  private final Map<String, Timer> failed;

  CacheMeters(MeterRegistry registry) {
    this.registry = registry;
    localHits = requests("l1", "hit");
    localMisses = requests("l1", "miss");
    sharedHits = requests("l2", "hit");
    sharedMisses = requests("l2", "miss");
    sharedErrors = requests("l2", "error");
    rejected =
        Counter.builder("gateway.cache.redis.rejected")
            .description("Values from Redis that none of this deployment's keys has signed")
            .baseUnit("values")
            .register(registry);
    breakers = Map.of(READ, breaker(READ), WRITE, breaker(WRITE));
    answered = Map.of(READ, duration(READ, "answered"), WRITE, duration(WRITE, "answered"));
    failed = Map.of(READ, duration(READ, "failed"), WRITE, duration(WRITE, "failed"));
  }

  /** Shows how full L1 is. */
  void watch(LocalTier tier) {
    Gauge.builder("gateway.cache.entries", tier, LocalTier::size)
        .description("Answers in L1, including expired negatives that were not asked for again")
        .baseUnit("entries")
        .tag("tier", "l1")
        .register(registry);
  }

  void local(int asked, int known) {
    count(localHits, known);
    count(localMisses, asked - known);
  }

  void shared(int asked, int known) {
    count(sharedHits, known);
    count(sharedMisses, asked - known);
  }

  /** Redis was slow, dead or wrong, or is not asked for a while. */
  void sharedFailed(int asked) {
    count(sharedErrors, asked);
  }

  /** They were altered, moved, or signed with a key that this pod doesn't know. */
  void rejected(int values) {
    count(rejected, values);
  }

  /** Begins a round trip to Redis, which ends with {@link #redis}. */
  Timer.Sample start() {
    return Timer.start(registry);
  }

  void redis(String work, boolean succeeded, Timer.Sample begun) {
    Timer timer = (succeeded ? answered : failed).get(work);
    if (timer != null) {
      begun.stop(timer);
    }
  }

  void breaker(String work, CircuitBreakerState state) {
    AtomicInteger level = breakers.get(work);
    if (level != null) {
      level.set(
          switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
          });
    }
  }

  private static void count(Counter counter, int ids) {
    if (ids > 0) {
      counter.increment(ids);
    }
  }

  private Counter requests(String tier, String result) {
    return Counter.builder("gateway.cache.requests")
        .description("Ids looked up in a tier: hits and misses")
        .baseUnit("ids")
        .tag("tier", tier)
        .tag("result", result)
        .register(registry);
  }

  private AtomicInteger breaker(String work) {
    AtomicInteger level = new AtomicInteger();
    Gauge.builder("gateway.cache.breaker.state", level, AtomicInteger::get)
        .description("Circuit breaker of Redis: 0 closed, 1 half-open, 2 open")
        .baseUnit("state")
        .tag("work", work)
        .register(registry);
    return level;
  }

  private Timer duration(String work, String outcome) {
    return Timer.builder("gateway.cache.redis.duration")
        .description("How long a round trip to Redis took, including the wait for a connection")
        .tag("work", work)
        .tag("outcome", outcome)
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50))
        .register(registry);
  }
}
