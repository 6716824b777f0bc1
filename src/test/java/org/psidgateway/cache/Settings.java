package org.psidgateway.cache;

import java.time.Duration;

/** Configuration without a container. */
record Settings(boolean enabled, Duration timeout, Duration ttl, int requestVolume, Duration delay)
    implements CacheConfig.Redis, CacheConfig.Breaker {
  /** A generous time-out: what is tested is what Redis says, on a machine that may be busy. */
  static final Settings PATIENT =
      new Settings(true, Duration.ofSeconds(5), Duration.ofDays(1), 20, Duration.ofSeconds(1));

  Settings withTimeout(Duration changed) {
    return new Settings(enabled, changed, ttl, requestVolume, delay);
  }

  Settings withRequestVolume(int changed) {
    return new Settings(enabled, timeout, ttl, changed, delay);
  }

  Settings withTtl(Duration changed) {
    return new Settings(enabled, timeout, changed, requestVolume, delay);
  }

  @Override
  public CacheConfig.Breaker breaker() {
    return this;
  }

  @Override
  public double failureRatio() {
    return 0.5;
  }
}
