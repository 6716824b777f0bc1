package org.psidgateway.cache;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "gateway.cache")
interface CacheConfig {

  L1 l1();

  Redis redis();

  /** In this process. */
  interface L1 {
    /**
     * How many answers a pod keeps in its own memory (L1) at most; 0 turns L1 off. Each takes about
     * 32 bytes, allocated as L1 fills.
     */
    @WithDefault("1000000")
    int maxEntries();
  }

  /** The tier that pods share; {@code quarkus.redis.hosts} says where. */
  interface Redis {
    /**
     * Whether pods share answers and change notices through Redis. {@code quarkus.redis.hosts} says
     * where it is.
     */
    @WithDefault("false")
    boolean enabled();

    /**
     * How long a request waits for Redis before it asks PostgreSQL. At most 0.15 s, so that the
     * answer leaves in time whatever hangs.
     */
    @WithDefault("PT0.05S")
    Duration timeout();

    /**
     * How long an answer may stay in Redis. Bounds how long Redis can serve an answer whose
     * eviction was missed.
     */
    @WithDefault("P1D")
    Duration ttl();

    Breaker breaker();
  }

  /** When Redis is not asked for a while. */
  interface Breaker {
    /**
     * Number of latest calls to Redis that {@code failure-ratio} looks at. Large enough that one
     * garbage collection pause does not count as an outage.
     */
    @WithDefault("20")
    int requestVolume();

    /** The circuit breaker of Redis opens when this share of the latest calls has failed. */
    @WithDefault("0.5")
    double failureRatio();

    /**
     * How long the circuit breaker of Redis stays open before it lets one call try. After Redis
     * recovers, it may stay unused for up to this long.
     */
    @WithDefault("PT1S")
    Duration delay();
  }
}
