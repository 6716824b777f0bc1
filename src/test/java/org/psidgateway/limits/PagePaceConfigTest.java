package org.psidgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.Tariffs;

class PagePaceConfigTest {

  @Test
  void environment_setsAPace_onItsOwn() {
    assertThat(
            paces(
                Map.of(
                    "GATEWAY_PAGES__9223372036854775807__PACE_CALLS", "7",
                    "GATEWAY_PAGES__9223372036854775807__PACE_PER", "PT1M")))
        .containsOnlyKeys(new PageId(Long.MAX_VALUE))
        .hasEntrySatisfying(
            new PageId(Long.MAX_VALUE),
            pace -> {
              assertThat(pace.calls()).isEqualTo(7);
              assertThat(pace.perMicros()).isEqualTo(60_000_000);
            });
  }

  @Test
  void noCalls_areNoPaceOfItsOwn() {
    assertThat(
            paces(
                Map.of("GATEWAY_PAGES__7__PACE_CALLS", "0", "GATEWAY_PAGES__7__PACE_PER", "PT1M")))
        .isEmpty();
  }

  private static Map<PageId, Pace> paces(Map<String, String> env) {
    return PagePaceConfig.read(
        new SmallRyeConfigBuilder()
            .withMapping(PagePaceConfig.class)
            .withSources(new EnvConfigSource(env, 300))
            .build()
            .getConfigMapping(PagePaceConfig.class),
        3,
        Tariffs.PER_BATCH);
  }
}
