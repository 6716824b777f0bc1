package org.psidgateway.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.psidgateway.model.Tariff;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.time.Ticker;

/** Chooses the protocol by {@code gateway.upstream.kind}. */
final class Protocols {
  private Protocols() {}

  /** What its calls cost, for those who count them. */
  @Produces
  @Singleton
  static Tariff tariff(Protocol protocol) {
    return protocol.tariff();
  }

  /** The protocol that is spoken, for those that keep what it said. */
  @Produces
  @Singleton
  static UpstreamKind kind(UpstreamConfig config) {
    return config.kind();
  }

  @Produces
  @Singleton
  static Protocol protocol(
      UpstreamConfig config,
      AppConfig app,
      InstantSource clock,
      Ticker ticker,
      MeterRegistry registry) {
    MissingEvidence evidence = new MissingEvidence(ticker);
    OperationMeters meters = new OperationMeters(registry, evidence::share);
    return switch (config.kind()) {
      case PAGES_ID_MAPPING -> new PagesIdMapping(config, app, clock);
      case ID_MATCHING -> new IdMatching(config, app, clock, evidence, meters);
    };
  }
}
