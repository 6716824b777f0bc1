package org.psidgateway.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.psidgateway.upstream.UpstreamConfig.Kind;

/** Refuses settings that could only fail later; names every property at fault at once. */
final class ConfigCheck {
  static final int MAX_BATCH_SIZE = 200;

  /** The first version without {@code pages_id_mapping}. */
  private static final int ENDED_IN = 7;

  private static final Pattern VERSION = Pattern.compile("v(\\d{1,4})\\.\\d{1,4}");

  private final List<String> faults = new ArrayList<>();

  private ConfigCheck() {}

  /**
   * Checks all that this package is configured by.
   *
   * @throws IllegalStateException naming each property that cannot stand, and why
   */
  static void check(UpstreamConfig upstream, BreakerConfig breaker) {
    ConfigCheck check = new ConfigCheck();
    check.upstream(upstream);
    check.breaker(breaker);
    if (!check.faults.isEmpty()) {
      throw new IllegalStateException(String.join("; ", check.faults));
    }
  }

  private void upstream(UpstreamConfig config) {
    require(
        config.kind() == Kind.PAGES_ID_MAPPING,
        "gateway.upstream.kind: id-matching is not built yet, only pages-id-mapping is");
    URI url = config.baseUrl();
    require(
        ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
            && url.getHost() != null
            && url.getRawQuery() == null
            && url.getRawFragment() == null
            && url.getRawUserInfo() == null,
        "gateway.upstream.base-url: must be http(s)://host[:port][/path], and no more");
    config.version().ifPresent(this::version);
    positive(config.timeout(), "gateway.upstream.timeout");
    positive(config.connectTimeout(), "gateway.upstream.connect-timeout");
    require(
        config.batchSize() >= 1 && config.batchSize() <= MAX_BATCH_SIZE,
        "gateway.upstream.batch-size: must be 1 to " + MAX_BATCH_SIZE);
    require(config.concurrency() >= 1, "gateway.upstream.concurrency: must be 1 or more");
  }

  private void version(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      faults.add("gateway.upstream.version: must look like v6.0");
    } else if (Integer.parseInt(matcher.group(1)) >= ENDED_IN) {
      faults.add(
          "gateway.upstream.version: pages_id_mapping ended in v7.0, so the version must be lower");
    }
  }

  private void breaker(BreakerConfig config) {
    // A ratio of 0 would open the breaker on nothing but successes.
    require(
        config.failureRatio() > 0 && config.failureRatio() <= 1,
        "gateway.breaker.failure-ratio: must be above 0 and at most 1");
    require(config.requestVolume() >= 1, "gateway.breaker.request-volume: must be 1 or more");
    positive(config.delay(), "gateway.breaker.delay");
  }

  private void positive(Duration duration, String property) {
    require(
        duration.compareTo(Duration.ofMillis(1)) >= 0 && duration.compareTo(Duration.ofDays(1)) < 0,
        property + ": must be at least a millisecond and less than a day");
  }

  private void require(boolean condition, String fault) {
    if (!condition) {
      faults.add(fault);
    }
  }
}
