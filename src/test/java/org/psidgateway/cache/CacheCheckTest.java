package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheCheckTest {

  private static List<String> problems(Map<String, String> keys) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(CacheConfig.class)
            .withMapping(NegativeConfig.class)
            .withMappingIgnore("quarkus.**")
            .withSources(new PropertiesConfigSource(keys, "test", 1))
            .build();
    return new CacheCheck(config.getConfigMapping(CacheConfig.class), config).problems();
  }

  @Test
  void defaults_areTheDocumentedOnes() {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(CacheConfig.class)
            .withMapping(NegativeConfig.class)
            .build();
    CacheConfig cache = config.getConfigMapping(CacheConfig.class);
    assertThat(cache.l1().maxEntries()).isEqualTo(1_000_000);
    assertThat(cache.redis().enabled()).isFalse();
    assertThat(cache.redis().timeout()).isEqualTo(Duration.ofMillis(50));
    assertThat(cache.redis().ttl()).isEqualTo(Duration.ofDays(1));
    assertThat(config.getConfigMapping(NegativeConfig.class).recheckAfter())
        .isEqualTo(Duration.ofDays(30));
  }

  @Test
  void problems_none_withoutRedis_orWithAnAddress() {
    assertThat(problems(Map.of())).isEmpty();
    assertThat(
            problems(
                Map.of(
                    "gateway.cache.redis.enabled", "true",
                    "quarkus.redis.hosts", "redis://localhost:6379")))
        .isEmpty();
  }

  @Test
  void problems_nameTheKey() {
    assertThat(
            problems(
                Map.of(
                    "gateway.cache.redis.enabled", "true",
                    "gateway.cache.l1.max-entries", "-1",
                    "gateway.cache.redis.breaker.request-volume", "0",
                    "gateway.cache.redis.breaker.failure-ratio", "1.5",
                    "gateway.cache.redis.breaker.delay", "PT-1S",
                    "gateway.cache.redis.timeout", "PT0S",
                    "gateway.cache.redis.ttl", "PT0.5S")))
        .satisfiesExactly(
            problem -> assertThat(problem).contains("gateway.cache.l1.max-entries"),
            problem -> assertThat(problem).contains("quarkus.redis.hosts"),
            problem -> assertThat(problem).contains("gateway.cache.redis.timeout"),
            problem -> assertThat(problem).contains("gateway.cache.redis.ttl"),
            problem -> assertThat(problem).contains("request-volume"),
            problem -> assertThat(problem).contains("failure-ratio"),
            problem -> assertThat(problem).contains("breaker.delay"));
  }
}
