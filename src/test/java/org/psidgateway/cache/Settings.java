package org.psidgateway.cache;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.psidgateway.deployment.RedisServers;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.secrets.Secrets;

/** Configuration without a container. */
record Settings(boolean enabled, Duration timeout, Duration ttl, int requestVolume, Duration delay)
    implements CacheConfig.Redis, CacheConfig.Breaker {
  /** A generous time-out: what is tested is what Redis says, on a machine that may be busy. */
  static final Settings PATIENT =
      new Settings(true, Duration.ofSeconds(5), Duration.ofDays(1), 20, Duration.ofSeconds(1));

  static final RedisServers SERVERS = new RedisServers(List.of("redis://under-test"));

  /** Of some deployment. */
  static final RedisFormat FORMAT = format(4711, 1);

  /** What each key is filled with, the present one first. */
  static RedisFormat format(long deployment, int... keys) {
    return format(UpstreamKind.PAGES_ID_MAPPING, deployment, keys);
  }

  static RedisFormat format(UpstreamKind upstream, long deployment, int... keys) {
    return new RedisFormat(
        deployment,
        IntStream.of(keys)
            .mapToObj(Integer::toString)
            .map(key -> Secrets.of(Secrets.A).derived(key, deployment).get(0))
            .toList(),
        upstream);
  }

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
