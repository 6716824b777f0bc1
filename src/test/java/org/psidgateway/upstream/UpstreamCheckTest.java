package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.ops.Faults;
import org.psidgateway.time.Ticker;

class UpstreamCheckTest {
  private static final Settings.Upstream GOOD =
      Settings.Upstream.at(URI.create("https://graph.facebook.com"));
  private static final Settings.Upstream MATCHING = GOOD.kind(UpstreamKind.ID_MATCHING);

  @ParameterizedTest
  @ValueSource(strings = {"v2.11", "v3.0", "v6.0"})
  void version_passes_whenItHasTheApi(String version) {
    assertThat(faults(GOOD.version(version))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7.0", "v7.1", "v10.0", "v25.0", "7.0", "latest", "v6"})
  void version_isReported_whenItCannotWork(String version) {
    assertThat(faults(GOOD.version(version)))
        .singleElement()
        .asString()
        .startsWith("gateway.upstream.version is " + version + ": must be like v6.0");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 201})
  void batchSize_isReported_whenItIsOutOfBounds(int size) {
    assertThat(faults(GOOD.batchSize(size)))
        .containsExactly("gateway.upstream.batch-size is " + size + ": must be 1 to 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"graph.facebook.com", "ftp://x", "http:///x", "https://x/?a=b", "https://u:p@x"})
  void address_isReported_butNotQuoted_whenItIsNone(String url) {
    assertThat(faults(Settings.Upstream.at(URI.create(url))))
        .containsExactly(
            "gateway.upstream.base-url must be http(s)://host[:port][/path], and no more");
  }

  @Test
  void timeout_isReported_whenTheLedgerWouldTakeAProbeForLost() {
    assertThat(faults(GOOD.timeout(Duration.ofMinutes(4)))).isEmpty();
    assertThat(faults(GOOD.timeout(Duration.ofSeconds(241))))
        .containsExactly("gateway.upstream.timeout is PT4M1S: must be PT0.001S to PT4M");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2.9", "v2.11", "v7.0", "v26.0"})
  void version_passes_whenItHasIdMatching(String version) {
    assertThat(faults(MATCHING.version(version), Settings.App.SIGNING)).isEmpty();
    assertThat(faults(MATCHING, Settings.App.SIGNING)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2.8", "v1.0", "26.0", "latest", "v26"})
  void version_isReported_whenItHasNoIdMatching(String version) {
    assertThat(faults(MATCHING.version(version), Settings.App.SIGNING))
        .containsExactly(
            "gateway.upstream.version is "
                + version
                + ": must be like v26.0, and v2.9 or later, where ids_for_pages began");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 51, 200})
  void batchSize_isReported_whenABatchCannotHoldIt(int size) {
    assertThat(faults(MATCHING.batchSize(size), Settings.App.SIGNING))
        .containsExactly("gateway.upstream.batch-size is " + size + ": must be 1 to 50");
  }

  @Test
  void app_isReported_whenIdMatchingHasNoToken() {
    Settings.App blank = new Settings.App(Optional.of(" "), Optional.of("\n"));
    for (Settings.App app : List.of(Settings.App.BARE, blank)) {
      assertThat(faults(MATCHING, app))
          .containsExactly(
              "gateway.app.id is empty: must be the id of the app",
              "gateway.app.secret is empty: must be the secret of the app");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"proxy:3128", "https://p:1", "http://p", "http://p:1/x", "http://u:secret@p:1"})
  void proxy_isReported_butNotQuoted_whenItIsNone(String url) {
    assertThat(faults(GOOD.proxy(URI.create(url))))
        .containsExactly("gateway.upstream.proxy must be http://host:port, and no more");
    assertThat(faults(GOOD.proxy(URI.create("http://proxy:3128")))).isEmpty();
  }

  @Test
  void everyFault_isReportedAtOnce() {
    Settings.Upstream bad = GOOD.timeout(Duration.ZERO).concurrency(0).version("v8.0");
    Faults faults = new Faults(false);
    check(bad, Settings.App.BARE, new Settings.Breaker(1.5, 0, Duration.ofSeconds(-1)), faults);
    assertThat(faults.all())
        .extracting(fault -> fault.substring(0, fault.indexOf(' ')))
        .containsExactly(
            "gateway.upstream.version",
            "gateway.upstream.timeout",
            "gateway.upstream.concurrency",
            "gateway.breaker.failure-ratio",
            "gateway.breaker.request-volume",
            "gateway.breaker.delay");
  }

  @Test
  void archive_passes_whateverIsSetForAnUpstream() {
    Settings.Upstream archive =
        Settings.Upstream.at(URI.create("ftp://x"))
            .kind(UpstreamKind.NONE)
            .version("v99.0")
            .batchSize(0)
            .timeout(Duration.ZERO);
    assertThat(faults(archive)).isEmpty();
    assertThat(faults(archive.kind(UpstreamKind.PAGES_ID_MAPPING))).hasSize(4);
  }

  private static List<String> faults(UpstreamConfig config) {
    return faults(config, Settings.App.BARE);
  }

  private static List<String> faults(UpstreamConfig config, AppConfig app) {
    Faults faults = new Faults(false);
    check(config, app, Settings.Breaker.NEVER, faults);
    return faults.all();
  }

  private static void check(
      UpstreamConfig config, AppConfig app, BreakerConfig breaker, Faults faults) {
    Optional<Protocol> protocol =
        Protocols.protocol(
            config, app, InstantSource.system(), Ticker.system(), new SimpleMeterRegistry());
    new UpstreamCheck(config, breaker, protocol).check(faults);
  }
}
