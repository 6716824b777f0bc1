package org.psidgateway.upstream;

import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** Refuses settings of the upstream and its circuit breaker that could only fail later. */
@Singleton
class UpstreamCheck implements StartupCheck {
  private static final int MOST_CALLS = 1_000;

  /** The ledger treats a longer probe as lost. */
  private static final Duration LONGEST_CALL = Duration.ofMinutes(4);

  private static final Duration LONGEST_DELAY = Duration.ofDays(1);

  private final UpstreamConfig config;
  private final BreakerConfig breaker;
  private final Optional<Protocol> protocol;

  UpstreamCheck(UpstreamConfig config, BreakerConfig breaker, Optional<Protocol> protocol) {
    this.config = config;
    this.breaker = breaker;
    this.protocol = protocol;
  }

  @Override
  public void check(Faults faults) {
    protocol.ifPresent(spoken -> check(spoken, faults)); // else nothing is called
  }

  private void check(Protocol spoken, Faults faults) {
    if (!isAddress(config.baseUrl())) {
      // Not quoted: it may hold a password.
      faults.add("gateway.upstream.base-url must be http(s)://host[:port][/path], and no more");
    }
    if (!config.proxy().map(UpstreamCheck::isProxy).orElse(true)) {
      faults.add("gateway.upstream.proxy must be http://host:port, and no more");
    }
    spoken.check(faults);
    faults.positive("gateway.upstream.timeout", config.timeout(), LONGEST_CALL);
    faults.positive("gateway.upstream.connect-timeout", config.connectTimeout(), LONGEST_CALL);
    faults.between("gateway.upstream.concurrency", config.concurrency(), 1, MOST_CALLS);
    // A ratio of 0 would open the breaker on nothing but successes.
    faults.shareAboveZero("gateway.breaker.failure-ratio", breaker.failureRatio());
    faults.atLeast("gateway.breaker.request-volume", breaker.requestVolume(), 1);
    faults.positive("gateway.breaker.delay", breaker.delay(), LONGEST_DELAY);
  }

  private static boolean isProxy(URI url) {
    return "http".equals(url.getScheme())
        && isAddress(url)
        && url.getPort() > 0
        && url.getRawPath().replace("/", "").isEmpty();
  }

  private static boolean isAddress(URI url) {
    return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
        && url.getHost() != null
        && url.getRawQuery() == null
        && url.getRawFragment() == null
        && url.getRawUserInfo() == null;
  }
}
