package org.psidgateway.limits;

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
import org.psidgateway.testing.Tariffs;

class LimitsCheckTest {

  @Test
  void defaults_areAllowed() {
    assertThat(faults(Map.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "gateway.pace.calls, -1",
    "gateway.pace.per, PT0S",
    "gateway.pace.per, PT744H",
    "gateway.pace.burst, 0",
    "gateway.quota.ceiling, -1",
    "gateway.quota.ceiling, 1000000000001",
    "gateway.quota.fan-share, 1.5",
    "gateway.quota.reserve-floor, -0.1",
    "gateway.quota.uncertain-cap, NaN",
    "gateway.retry.budget, 1.5",
    "gateway.window.length, P0D",
    "gateway.cooldown.initial, PT0S",
    "gateway.cooldown.max, PT48H",
    "gateway.cooldown.max, PT1S",
  })
  void number_isReported_withItsKeyAndValue_whenItIsOutOfRange(String key, String value) {
    assertThat(faults(Map.of(key, value)))
        .singleElement()
        .asString()
        .startsWith(key + " is " + value + ": must be ");
  }

  @Test
  void paceOfAPage_isReported_whenItCannotBeMeant() {
    assertThat(page("7", "5", null)).singleElement().asString().contains("go together");
    assertThat(page("7", null, "PT1M")).singleElement().asString().contains("go together");
    assertThat(page("7", "-5", "PT1M"))
        .containsExactly("gateway.pages.\"7\".pace-calls is -5: must be 0 to 100000");
    assertThat(page("7", "5", "PT0S"))
        .singleElement()
        .asString()
        .startsWith("gateway.pages.\"7\".pace-per is PT0S: must be ");
    assertThat(page("007", "5", "PT1M"))
        .containsExactly("gateway.pages.\"007\".pace-* is set for no Page id");
  }

  private static List<String> page(String id, String calls, String per) {
    String key = "gateway.pages.\"" + id + "\".pace-";
    return faults(
        calls == null
            ? Map.of(key + "per", per)
            : per == null
                ? Map.of(key + "calls", calls)
                : Map.of(key + "calls", calls, key + "per", per));
  }

  private static List<String> faults(Map<String, String> keys) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(PaceConfig.class)
            .withMapping(PagePaceConfig.class)
            .withMapping(QuotaConfig.class)
            .withMapping(WindowConfig.class)
            .withMapping(CooldownConfig.class)
            .withMapping(RetryBudgetConfig.class)
            .withSources(new PropertiesConfigSource(keys, "test", 1))
            .build();
    Faults faults = new Faults(false);
    new LimitsCheck(
            config.getConfigMapping(PaceConfig.class),
            config.getConfigMapping(PagePaceConfig.class),
            config.getConfigMapping(QuotaConfig.class),
            config.getConfigMapping(WindowConfig.class),
            config.getConfigMapping(CooldownConfig.class),
            config.getConfigMapping(RetryBudgetConfig.class),
            Tariffs.PER_BATCH)
        .check(faults);
    return faults.all();
  }
}
