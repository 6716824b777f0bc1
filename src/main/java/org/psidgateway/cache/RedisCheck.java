package org.psidgateway.cache;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.psidgateway.ops.StartupCheck;

/** A Redis that is asked for needs an address, and time to answer. */
@Singleton
class RedisCheck implements StartupCheck {
  private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);

  private final CacheConfig.Redis redis;
  private final Config config;

  RedisCheck(CacheConfig cache, Config config) {
    this.redis = cache.redis();
    this.config = config;
  }

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
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
    return problems;
  }

  private boolean isSet(String key) {
    return config.getOptionalValue(key, String.class).filter(text -> !text.isBlank()).isPresent();
  }
}
