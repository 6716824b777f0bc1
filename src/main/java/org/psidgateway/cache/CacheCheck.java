package org.psidgateway.cache;

import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.Config;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** Numbers must make sense, and an enabled Redis needs an address. */
@Singleton
class CacheCheck implements StartupCheck {
  /** Whatever hangs, a request takes at most half a second more than its caller's patience. */
  private static final Duration LONGEST_TIMEOUT = Duration.ofMillis(150);

  private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);
  private static final Duration LONGEST_TTL = Duration.ofDays(3650);
  private static final Duration LONGEST_DELAY = Duration.ofDays(1);
  private static final String REDIS = "gateway.cache.redis.";

  private final CacheConfig cache;
  private final Config config;

  CacheCheck(CacheConfig cache, Config config) {
    this.cache = cache;
    this.config = config;
  }

  @Override
  public void check(Faults faults) {
    CacheConfig.Redis redis = cache.redis();
    faults.atLeast("gateway.cache.l1.max-entries", cache.l1().maxEntries(), 0);
    if (redis.enabled()
        && !isSet("quarkus.redis.hosts")
        && !isSet("quarkus.redis.hosts-provider-name")) {
      faults.add("quarkus.redis.hosts is required if gateway.cache.redis.enabled is true");
    }
    faults.positive(REDIS + "timeout", redis.timeout(), LONGEST_TIMEOUT);
    faults.between(REDIS + "ttl", redis.ttl(), SHORTEST_TTL, LONGEST_TTL);
    CacheConfig.Breaker breaker = redis.breaker();
    faults.atLeast(REDIS + "breaker.request-volume", breaker.requestVolume(), 1);
    faults.shareAboveZero(REDIS + "breaker.failure-ratio", breaker.failureRatio());
    faults.between(REDIS + "breaker.delay", breaker.delay(), Duration.ZERO, LONGEST_DELAY);
  }

  private boolean isSet(String key) {
    return config.getOptionalValue(key, String.class).filter(text -> !text.isBlank()).isPresent();
  }
}
