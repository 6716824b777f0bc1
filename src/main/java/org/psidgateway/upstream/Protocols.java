package org.psidgateway.upstream;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Chooses the protocol by {@code gateway.upstream.kind}. */
final class Protocols {
  private Protocols() {}

  @Produces
  @Singleton
  static Protocol protocol(UpstreamConfig config, AppConfig app) {
    return switch (config.kind()) {
      // id-matching never gets as far as a call: UpstreamCheck stops the start.
      case PAGES_ID_MAPPING, ID_MATCHING -> new PagesIdMapping(config, app);
    };
  }
}
