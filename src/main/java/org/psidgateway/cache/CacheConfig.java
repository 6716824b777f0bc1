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
     * How many answers this process remembers at most, 0 for none; about 32 bytes each, taken as it
     * fills.
     */
    @WithDefault("1000000")
    int maxEntries();
  }

  /** The tier that pods share; {@code quarkus.redis.hosts} says where. */
  interface Redis {
    /**
     * Whether pods share answers, and news of changes, through Redis; {@code quarkus.redis.hosts}
     * says where.
     */
    @WithDefault("false")
    boolean enabled();

    /**
     * How long a request waits for Redis before it goes on to PostgreSQL; at most 0.15 s, so that
     * its answer leaves in time whatever hangs.
     */
    @WithDefault("PT0.05S")
    Duration timeout();

    /**
     * How long an answer stays in Redis at most: bounds what an eviction that Redis missed can
     * leave.
     */
    @WithDefault("P1D")
    Duration ttl();

    Breaker breaker();
  }

  /** When Redis is given up for a while. */
  interface Breaker {
    /**
     * How many of the latest calls to Redis are looked at: enough that a pause of a collector is no
     * outage.
     */
    @WithDefault("20")
    int requestVolume();

    /** Share of the latest calls to Redis that fail before it is given up for a while. */
    @WithDefault("0.5")
    double failureRatio();

    /**
     * How long to wait before one call tries Redis again: the time that Redis lies idle once it is
     * back.
     */
    @WithDefault("PT1S")
    Duration delay();
  }
}
