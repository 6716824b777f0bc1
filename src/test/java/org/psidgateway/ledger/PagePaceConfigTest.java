package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.PageId;

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

  @Test
  void paces_areRefused_whereTheyCannotBeMeant() {
    assertRefused("7", "5", null, "go together");
    assertRefused("7", null, "PT1M", "go together");
    assertRefused("7", "-5", "PT1M", "gateway.pages.\"7\".pace-calls");
    assertRefused("7", "5", "PT0S", "gateway.pages.\"7\".pace-per");
    assertRefused("007", "5", "PT1M", "gateway.pages.\"007\".pace-* is set for no Page id");
  }

  private static void assertRefused(String page, String calls, String per, String told) {
    Map<String, String> env = new HashMap<>();
    if (calls != null) {
      env.put("GATEWAY_PAGES__" + page + "__PACE_CALLS", calls);
    }
    if (per != null) {
      env.put("GATEWAY_PAGES__" + page + "__PACE_PER", per);
    }
    assertThatThrownBy(() -> paces(env)).hasMessageContaining(told);
  }

  private static Map<PageId, Pace> paces(Map<String, String> env) {
    return PagePaceConfig.read(
        new SmallRyeConfigBuilder()
            .withMapping(PagePaceConfig.class)
            .withSources(new EnvConfigSource(env, 300))
            .build()
            .getConfigMapping(PagePaceConfig.class),
        3);
  }
}
