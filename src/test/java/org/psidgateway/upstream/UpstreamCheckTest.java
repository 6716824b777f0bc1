package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.ops.Faults;

class UpstreamCheckTest {
  private static final Settings.Upstream GOOD =
      Settings.Upstream.at(URI.create("https://graph.facebook.com"));

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

  @Test
  void kind_isReported_whenItIsNotBuilt() {
    assertThat(faults(GOOD.kind(UpstreamKind.ID_MATCHING)))
        .containsExactly(
            "gateway.upstream.kind is id-matching, which is not built yet: must be"
                + " pages-id-mapping");
  }

  @Test
  void everyFault_isReportedAtOnce() {
    Settings.Upstream bad =
        GOOD.kind(UpstreamKind.ID_MATCHING).timeout(Duration.ZERO).concurrency(0).version("v8.0");
    Faults faults = new Faults(false);
    check(bad, new Settings.Breaker(1.5, 0, Duration.ofSeconds(-1)), faults);
    assertThat(faults.all())
        .extracting(fault -> fault.substring(0, fault.indexOf(' ')))
        .containsExactly(
            "gateway.upstream.kind",
            "gateway.upstream.version",
            "gateway.upstream.timeout",
            "gateway.upstream.concurrency",
            "gateway.breaker.failure-ratio",
            "gateway.breaker.request-volume",
            "gateway.breaker.delay");
  }

  private static List<String> faults(UpstreamConfig config) {
    Faults faults = new Faults(false);
    check(config, Settings.Breaker.NEVER, faults);
    return faults.all();
  }

  private static void check(UpstreamConfig config, BreakerConfig breaker, Faults faults) {
    Protocol protocol = Protocols.protocol(config, Settings.App.BARE, InstantSource.system());
    new UpstreamCheck(config, breaker, protocol).check(faults);
  }
}
