package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.upstream.UpstreamConfig.Kind;

class ConfigCheckTest {
  private static final Settings.Upstream GOOD =
      Settings.Upstream.at(URI.create("https://graph.facebook.com"));

  @ParameterizedTest
  @ValueSource(strings = {"v2.11", "v3.0", "v6.0"})
  void check_passes_whenTheVersionHasTheApi(String version) {
    assertThatCode(() -> check(GOOD.version(version))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7.0", "v7.1", "v10.0", "v25.0", "7.0", "latest", "v6"})
  void check_namesTheProperty_whenTheVersionCannotWork(String version) {
    assertThatIllegalStateException()
        .isThrownBy(() -> check(GOOD.version(version)))
        .withMessageStartingWith("gateway.upstream.version:");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 201})
  void check_namesTheProperty_whenTheBatchSizeIsOutOfBounds(int size) {
    assertThatIllegalStateException()
        .isThrownBy(() -> check(GOOD.batchSize(size)))
        .withMessage("gateway.upstream.batch-size: must be 1 to 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"graph.facebook.com", "ftp://x", "http:///x", "https://x/?a=b", "https://u:p@x"})
  void check_namesTheProperty_whenTheUrlIsNone(String url) {
    assertThatIllegalStateException()
        .isThrownBy(() -> check(Settings.Upstream.at(URI.create(url))))
        .withMessageStartingWith("gateway.upstream.base-url:");
  }

  @Test
  void check_namesEveryFault_atOnce() {
    Settings.Upstream bad = GOOD.kind(Kind.ID_MATCHING).timeout(Duration.ZERO);
    assertThatIllegalStateException()
        .isThrownBy(
            () -> ConfigCheck.check(bad, new Settings.Breaker(1.5, 0, Duration.ofSeconds(-1))))
        .withMessageContaining("gateway.upstream.kind: id-matching is not built yet")
        .withMessageContaining("gateway.upstream.timeout:")
        .withMessageContaining("gateway.breaker.failure-ratio:")
        .withMessageContaining("gateway.breaker.request-volume:")
        .withMessageContaining("gateway.breaker.delay:");
  }

  private static void check(UpstreamConfig config) {
    ConfigCheck.check(config, Settings.Breaker.NEVER);
  }
}
