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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.psidgateway.model.UpstreamKind;

class StartupChecksTest {
  private static final Map<String, String> APP =
      Map.of("gateway.app.id", "1", "gateway.app.secret", "s");

  private final StartupCheck presence = faults -> faults.required("gateway.other", false, "a word");
  private final StartupCheck number = faults -> faults.atLeast("gateway.number", 0, 1);

  @Test
  void start_fails_namingEveryFault_inProduction() {
    assertThatThrownBy(
            () -> start(LaunchMode.NORMAL, Map.of("gateway.foo", "a-secret"), presence, number))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            """
            The gateway does not start with this configuration:
              gateway.foo is not known
              gateway.other is required: a word
              gateway.number is 0: must be 1 or more
              gateway.app.id is required: the id of your app at Meta
              gateway.app.secret is required: the secret of that app""");
  }

  @ParameterizedTest
  @EnumSource(names = {"DEVELOPMENT", "TEST"})
  void start_needsNothing_inDevAndTests(LaunchMode mode) {
    assertThatCode(() -> start(mode, Map.of(), presence)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource(names = {"DEVELOPMENT", "TEST", "NORMAL"})
  void start_fails_forUnknownKeysAndNumbersOutOfRange_everywhere(LaunchMode mode) {
    assertThatThrownBy(() -> start(mode, Map.of("gateway.foo", "1"), number))
        .hasMessageContaining("gateway.foo is not known")
        .hasMessageContaining("gateway.number is 0");
  }

  @Test
  void start_succeeds_ifNothingIsWrong_inProduction() {
    assertThatCode(() -> start(LaunchMode.NORMAL, APP)).doesNotThrowAnyException();
  }

  @Test
  void start_fails_ifTheSecretIsBlank() {
    assertThatThrownBy(
            () ->
                start(
                    LaunchMode.NORMAL, Map.of("gateway.app.id", "1", "gateway.app.secret", " \n")))
        .hasMessageContaining("gateway.app.secret is required");
  }

  @Test
  void start_fails_withTheSecretOfTheProfileDev_inProductionAlone() {
    Map<String, String> published =
        Map.of("gateway.app.id", "1", "gateway.app.secret", "dev-app-secret\n");
    assertThatCode(() -> start(LaunchMode.DEVELOPMENT, published)).doesNotThrowAnyException();
    assertThatThrownBy(() -> start(LaunchMode.NORMAL, published))
        .hasMessageContaining("gateway.app.secret is the secret that is published")
        .hasMessageNotContaining("dev-app-secret");
  }

  @Test
  void start_needsNoSecret_inAnArchive_butTheAppIsStillNamed() {
    assertThatCode(() -> start(UpstreamKind.NONE, LaunchMode.NORMAL, Map.of("gateway.app.id", "1")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> start(UpstreamKind.NONE, LaunchMode.NORMAL, Map.of()))
        .hasMessageContaining("gateway.app.id is required")
        .hasMessageNotContaining("gateway.app.secret");
  }

  private static void start(LaunchMode mode, Map<String, String> values, StartupCheck... more) {
    start(UpstreamKind.PAGES_ID_MAPPING, mode, values, more);
  }

  private static void start(
      UpstreamKind upstream, LaunchMode mode, Map<String, String> values, StartupCheck... more) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(values, "file", 100))
            .build();
    KnownKeys knownKeys =
        new KnownKeys(
            () -> new KeyPatterns(Set.of("gateway.app.id", "gateway.app.secret")), config);
    List<StartupCheck> checks = new ArrayList<>(List.of(more));
    checks.add(new AppCheck(config, upstream));
    new StartupChecks(checks, knownKeys, mode).onStart(new StartupEvent());
  }
}
