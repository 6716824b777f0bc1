package org.psidgateway.upstream;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.psidgateway.model.Tariff;
import org.psidgateway.model.UpstreamKind;

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
  static Protocol protocol(UpstreamConfig config, AppConfig app, InstantSource clock) {
    return switch (config.kind()) {
      // id-matching never gets as far as a call: UpstreamCheck stops the start.
      case PAGES_ID_MAPPING, ID_MATCHING -> new PagesIdMapping(config, app, clock);
    };
  }
}
