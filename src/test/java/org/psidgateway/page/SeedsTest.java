package org.psidgateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.Faults;

class SeedsTest {

  @Test
  void environment_definesPages_onItsOwn() {
    Seeds seeds =
        seeds(
            Map.of(
                "GATEWAY_PAGES__100__TOKEN", "t",
                "GATEWAY_PAGES__100__TEST_PAGE", "true",
                "GATEWAY_PAGES__9223372036854775807__FANS", "12"));

    assertThat(faults(seeds)).isEmpty();
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
  void faults_nameTheKey_whenItIsNoPageId() {
    assertThat(faults(seeds(Map.of("GATEWAY_PAGES__007__NAME", "x"))))
        .singleElement()
        .asString()
        .startsWith("gateway.pages.\"007\" is not a valid Page id");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1_000_000_000_001L, Long.MAX_VALUE})
  void faults_nameTheKey_whenFansAreOutOfRange(long fans) {
    assertThat(faults(seeds(Map.of("GATEWAY_PAGES__7__FANS", String.valueOf(fans)))))
        .containsExactly("gateway.pages.\"7\".fans is " + fans + ": must be 0 to 1000000000000");
  }

  @Test
  void faults_areFound_whenASixthTestPageIsSeeded() {
    Map<String, String> env = new HashMap<>();
    for (int page = 1; page <= Pages.MAX_TEST_PAGES; page++) {
      env.put("GATEWAY_PAGES__" + page + "__TEST_PAGE", "true");
    }
    assertThat(faults(seeds(env))).isEmpty();

    env.put("GATEWAY_PAGES__6__TEST_PAGE", "true");
    assertThat(faults(seeds(env))).singleElement().asString().contains("test-page");
  }

  private static List<String> faults(Seeds seeds) {
    Faults faults = new Faults(false);
    seeds.check(faults);
    return faults.all();
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
