package org.psidgateway.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.psidgateway.model.UpstreamKind;

/**
 * Configuration as records, with values for tests: short, but not so short as to be met by chance.
 */
final class Settings {
  private Settings() {}

  record Upstream(
      UpstreamKind kind,
      boolean harvest,
      ProofForm proof,
      Optional<URI> proxy,
      URI baseUrl,
      Optional<String> version,
      Duration timeout,
      Duration connectTimeout,
      OptionalInt batchSize,
      int concurrency)
      implements UpstreamConfig {

    static Upstream at(URI url) {
      return new Upstream(
          UpstreamKind.PAGES_ID_MAPPING,
          true,
          ProofForm.PLAIN,
          Optional.empty(),
          url,
          Optional.empty(),
          Duration.ofSeconds(20),
          Duration.ofSeconds(5),
          OptionalInt.empty(),
          4);
    }

    Upstream version(String version) {
      return new Upstream(
          kind,
          harvest,
          proof,
          proxy,
          baseUrl,
          Optional.of(version),
          timeout,
          connectTimeout,
          batchSize,
          concurrency);
    }

    Upstream timeout(Duration timeout) {
      return new Upstream(
          kind,
          harvest,
          proof,
          proxy,
          baseUrl,
          version,
          timeout,
          connectTimeout,
          batchSize,
          concurrency);
    }

    Upstream connectTimeout(Duration connectTimeout) {
      return new Upstream(
          kind,
          harvest,
          proof,
          proxy,
          baseUrl,
          version,
          timeout,
          connectTimeout,
          batchSize,
          concurrency);
    }

    Upstream concurrency(int concurrency) {
      return new Upstream(
          kind,
          harvest,
          proof,
          proxy,
          baseUrl,
          version,
          timeout,
          connectTimeout,
          batchSize,
          concurrency);
    }

    Upstream batchSize(int batchSize) {
      return new Upstream(
          kind,
          harvest,
          proof,
          proxy,
          baseUrl,
          version,
          timeout,
          connectTimeout,
          OptionalInt.of(batchSize),
          concurrency);
    }

    Upstream kind(UpstreamKind kind) {
      return new Upstream(
          kind,
          harvest,
          proof,
          proxy,
          baseUrl,
          version,
          timeout,
          connectTimeout,
          batchSize,
          concurrency);
    }

    Upstream harvest(boolean harvest) {
      return new Upstream(
          kind,
          harvest,
          proof,
          proxy,
          baseUrl,
          version,
          timeout,
          connectTimeout,
          batchSize,
          concurrency);
    }

    Upstream proof(ProofForm proof) {
      return new Upstream(
          kind,
          harvest,
          proof,
          proxy,
          baseUrl,
          version,
          timeout,
          connectTimeout,
          batchSize,
          concurrency);
    }

    Upstream proxy(URI proxy) {
      return new Upstream(
          kind,
          harvest,
          proof,
          Optional.of(proxy),
          baseUrl,
          version,
          timeout,
          connectTimeout,
          batchSize,
          concurrency);
    }
  }

  record Breaker(double failureRatio, int requestVolume, Duration delay) implements BreakerConfig {
    static final Breaker NEVER = new Breaker(1, 1000, Duration.ofSeconds(5));
  }

  record App(Optional<String> id, Optional<String> secret) implements AppConfig {
    static final App BARE = new App(Optional.empty(), Optional.empty());
    static final App SIGNING = new App(Optional.of("1"), Optional.of("APP_SECRET"));
  }
}
