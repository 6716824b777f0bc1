package org.psidgateway.cache;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.psidgateway.ops.StartupCheck;

/** Numbers that make sense; and a Redis that is asked for needs an address. */
@Singleton
class CacheCheck implements StartupCheck {
  private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);

  private final CacheConfig cache;
  private final Config config;

  CacheCheck(CacheConfig cache, Config config) {
    this.cache = cache;
    this.config = config;
  }

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    CacheConfig.Redis redis = cache.redis();
    if (cache.l1().maxEntries() < 0) {
      problems.add("gateway.cache.l1.max-entries is negative");
    }
    if (redis.enabled()
        && !isSet("quarkus.redis.hosts")
        && !isSet("quarkus.redis.hosts-provider-name")) {
      problems.add("gateway.cache.redis.enabled needs quarkus.redis.hosts");
    }
    if (redis.timeout().toMillis() < 1) {
      problems.add("gateway.cache.redis.timeout is less than a millisecond");
    }
    if (redis.ttl().compareTo(SHORTEST_TTL) < 0) {
      problems.add("gateway.cache.redis.ttl is less than a second");
    }
    CacheConfig.Breaker breaker = redis.breaker();
    if (breaker.requestVolume() < 1) {
      problems.add("gateway.cache.redis.breaker.request-volume is less than 1");
    }
    if (!(breaker.failureRatio() > 0 && breaker.failureRatio() <= 1)) {
      problems.add("gateway.cache.redis.breaker.failure-ratio is not above 0 and at most 1");
    }
    if (breaker.delay().isNegative()) {
      problems.add("gateway.cache.redis.breaker.delay is negative");
    }
    return problems;
  }

  private boolean isSet(String key) {
    return config.getOptionalValue(key, String.class).filter(text -> !text.isBlank()).isPresent();
  }
}
