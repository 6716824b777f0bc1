package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.psidgateway.ops.Faults;

class BatchCheckTest {

  @Test
  void defaults_areAllowed() {
    assertThat(faults(Map.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "gateway.retry.max-attempts, 0",
    "gateway.retry.max-attempts, 101",
    "gateway.retry.initial-delay, PT-1S",
    "gateway.retry.max-delay, PT2H",
    "gateway.batch.max-queued, 0",
    "gateway.batch.linger, PT-0.1S",
    "gateway.batch.linger, PT2M",
  })
  void number_isReported_withItsKeyAndValue_whenItIsOutOfRange(String key, String value) {
    assertThat(faults(Map.of(key, value)))
        .singleElement()
        .asString()
        .startsWith(key + " is " + value + ": must be ");
  }

  private static List<String> faults(Map<String, String> keys) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(BatchConfig.class)
            .withMapping(RetryConfig.class)
            .withMappingIgnore("gateway.**")
            .withSources(new PropertiesConfigSource(keys, "test", 1))
            .build();
    Faults faults = new Faults(false);
    new BatchCheck(
            config.getConfigMapping(BatchConfig.class), config.getConfigMapping(RetryConfig.class))
        .check(faults);
    return faults.all();
  }
}
