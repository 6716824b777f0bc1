package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.psidgateway.ops.Faults;

class CacheCheckTest {

  private static List<String> faults(Map<String, String> keys) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(CacheConfig.class)
            .withMappingIgnore("quarkus.**")
            .withSources(new PropertiesConfigSource(keys, "test", 1))
            .build();
    Faults faults = new Faults(false);
    new CacheCheck(config.getConfigMapping(CacheConfig.class), config).check(faults);
    return faults.all();
  }

  @Test
  void defaults_areTheDocumentedOnes() {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(CacheConfig.class)
            .build();
    CacheConfig cache = config.getConfigMapping(CacheConfig.class);
    assertThat(cache.l1().maxEntries()).isEqualTo(1_000_000);
    assertThat(cache.redis().enabled()).isFalse();
    assertThat(cache.redis().timeout()).isEqualTo(Duration.ofMillis(50));
    assertThat(cache.redis().ttl()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void faults_none_withoutRedis_orWithAnAddress() {
    assertThat(faults(Map.of())).isEmpty();
    assertThat(
            faults(
                Map.of(
                    "gateway.cache.redis.enabled", "true",
                    "quarkus.redis.hosts", "redis://localhost:6379")))
        .isEmpty();
  }

  @Test
  void faults_nameTheKey() {
    assertThat(
            faults(
                Map.of(
                    "gateway.cache.redis.enabled", "true",
                    "gateway.cache.l1.max-entries", "-1",
                    "gateway.cache.redis.breaker.request-volume", "0",
                    "gateway.cache.redis.breaker.failure-ratio", "1.5",
                    "gateway.cache.redis.breaker.delay", "PT-1S",
                    "gateway.cache.redis.timeout", "PT0S",
                    "gateway.cache.redis.ttl", "PT0.5S")))
        .satisfiesExactly(
            fault ->
                assertThat(fault)
                    .isEqualTo("gateway.cache.l1.max-entries is -1: must be 0 or more"),
            fault -> assertThat(fault).startsWith("quarkus.redis.hosts is required"),
            fault -> assertThat(fault).contains("gateway.cache.redis.timeout"),
            fault -> assertThat(fault).contains("gateway.cache.redis.ttl"),
            fault -> assertThat(fault).contains("request-volume"),
            fault -> assertThat(fault).contains("failure-ratio"),
            fault -> assertThat(fault).contains("breaker.delay"));
  }

  /** A request leaves within half a second of its caller's patience, whatever hangs. */
  @Test
  void timeout_isShort() {
    assertThat(faults(Map.of("gateway.cache.redis.timeout", "PT0.15S"))).isEmpty();
    assertThat(faults(Map.of("gateway.cache.redis.timeout", "PT0.151S")))
        .singleElement()
        .asString()
        .startsWith("gateway.cache.redis.timeout is PT0.151S");
  }
}
