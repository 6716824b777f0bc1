package org.psidgateway.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;
import org.psidgateway.model.Tariff;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.time.Ticker;

/** What {@code gateway.upstream.kind} chooses: a protocol and who speaks it, or nobody. */
final class Protocols {
  private Protocols() {}

  /** What its calls cost, for those who count them. */
  @Produces
  @Singleton
  static Tariff tariff(Optional<Protocol> protocol) {
    return protocol.map(Protocol::tariff).orElse(Tariff.ARCHIVE);
  }

  /** The protocol that is spoken, for those that keep what it said. */
  @Produces
  @Singleton
  static UpstreamKind kind(UpstreamConfig config) {
    return config.kind();
  }

  @Produces
  @Singleton
  static Optional<Protocol> protocol(
      UpstreamConfig config,
      AppConfig app,
      InstantSource clock,
      Ticker ticker,
      MeterRegistry registry) {
    if (config.kind() == UpstreamKind.NONE) {
      return Optional.empty();
    }
    MissingEvidence evidence = new MissingEvidence(ticker);
    OperationMeters meters = new OperationMeters(registry, evidence::share);
    return Optional.of(
        config.kind() == UpstreamKind.ID_MATCHING
            ? new IdMatching(config, app, clock, evidence, meters)
            : new PagesIdMapping(config, app, clock));
  }

  /** An archive has no HTTP client, no circuit breaker, and none of their meters. */
  @Produces
  @Singleton
  static Upstream upstream(
      Optional<Protocol> protocol,
      UpstreamConfig config,
      BreakerConfig breaker,
      Vertx vertx,
      MeterRegistry registry,
      Ticker ticker) {
    return protocol
        .<Upstream>map(
            spoken -> new GraphUpstream(spoken, config, breaker, vertx, registry, ticker))
        .orElseGet(NoUpstream::new);
  }

  static void stop(@Disposes Upstream upstream) {
    if (upstream instanceof GraphUpstream graph) {
      graph.stop();
    }
  }
}
