package org.psidgateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.PageId;

class SeedsTest {

  @Test
  void environment_definesPages_onItsOwn() {
    Seeds seeds =
        seeds(
            Map.of(
                "GATEWAY_PAGES__100__TOKEN", "t",
                "GATEWAY_PAGES__100__TEST_PAGE", "true",
                "GATEWAY_PAGES__9223372036854775807__FANS", "12"));

    assertThat(seeds.problems()).isEmpty();
    assertThat(seeds.byPage())
        .containsOnlyKeys(new PageId(100), new PageId(Long.MAX_VALUE))
        .hasEntrySatisfying(
            new PageId(100),
            seed -> {
              assertThat(seed.token()).contains("t");
              assertThat(seed.testPage()).contains(true);
              assertThat(seed.name()).isEmpty();
            })
        .hasEntrySatisfying(
            new PageId(Long.MAX_VALUE), seed -> assertThat(seed.fans()).hasValue(12));
  }

  @Test
  void problems_nameTheKey_whereItIsNoPageId() {
    assertThat(seeds(Map.of("GATEWAY_PAGES__007__NAME", "x")).problems())
        .singleElement()
        .asString()
        .startsWith("gateway.pages.\"007\" is no Page id");
  }

  @Test
  void problems_nameTheKey_whereFansAreNegative() {
    assertThat(seeds(Map.of("GATEWAY_PAGES__7__FANS", "-1")).problems())
        .containsExactly("gateway.pages.\"7\".fans must not be negative");
  }

  @Test
  void problems_tell_whereASixthTestPageIsSeeded() {
    Map<String, String> env = new HashMap<>();
    for (int page = 1; page <= Pages.MAX_TEST_PAGES; page++) {
      env.put("GATEWAY_PAGES__" + page + "__TEST_PAGE", "true");
    }
    assertThat(seeds(env).problems()).isEmpty();

    env.put("GATEWAY_PAGES__6__TEST_PAGE", "true");
    assertThat(seeds(env).problems()).singleElement().asString().contains("test-page");
  }

  static Seeds seeds(Map<String, String> env) {
    return new Seeds(
        new SmallRyeConfigBuilder()
            .withMapping(PagesConfig.class)
            .withSources(new EnvConfigSource(env, 300))
            .build()
            .getConfigMapping(PagesConfig.class));
  }
}
