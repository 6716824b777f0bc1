package org.psidgateway.ops;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StartupChecksTest {
  private final StartupCheck another = () -> List.of("gateway.other is required");

  @Test
  void start_fails_namingEveryProblem_inProduction() {
    assertThatThrownBy(() -> start(LaunchMode.NORMAL, Map.of("gateway.foo", "a-secret"), another))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("gateway.foo is not known")
        .hasMessageContaining("gateway.other is required")
        .hasMessageContaining("gateway.app.id is required")
        .hasMessageContaining("gateway.app.secret is required")
        .hasMessageNotContaining("a-secret");
  }

  @Test
  void start_needsNothing_inDevAndTests() {
    assertThatCode(() -> start(LaunchMode.DEVELOPMENT, Map.of(), another))
        .doesNotThrowAnyException();
    assertThatCode(() -> start(LaunchMode.TEST, Map.of(), another)).doesNotThrowAnyException();
  }

  @Test
  void start_fails_forUnknownKeys_everywhere() {
    assertThatThrownBy(() -> start(LaunchMode.DEVELOPMENT, Map.of("gateway.foo", "1")))
        .hasMessageContaining("gateway.foo is not known");
  }

  @Test
  void start_succeeds_whereNothingIsWrong_inProduction() {
    assertThatCode(
            () ->
                start(
                    LaunchMode.NORMAL,
                    Map.of("gateway.app.id", "1", "gateway.app.secret", "s"),
                    List::of))
        .doesNotThrowAnyException();
  }

  private static void start(LaunchMode mode, Map<String, String> values, StartupCheck... more) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(values, "file", 100))
            .build();
    KnownKeys knownKeys =
        new KnownKeys(
            () -> new KeyPatterns(Set.of("gateway.app.id", "gateway.app.secret")), config);
    List<StartupCheck> checks = new ArrayList<>(List.of(more));
    checks.add(new AppCheck(config));
    new StartupChecks(checks, knownKeys, mode).onStart(new StartupEvent());
  }
}
