package org.psidgateway.upstream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the upstream is and how it may be called. {@link UpstreamCheck} says what is acceptable.
 */
@ConfigMapping(prefix = "gateway.upstream")
interface UpstreamConfig {

  /** The protocols there are. */
  enum Kind {
    PAGES_ID_MAPPING,
    ID_MATCHING
  }

  /** The protocol; {@code id-matching} stops the start, so far. */
  @WithDefault("pages-id-mapping")
  Kind kind();

  /** Where the upstream is: scheme, host, and no more than a path. In dev, the simulator. */
  @WithDefault("https://graph.facebook.com")
  URI baseUrl();

  /**
   * Put in front of the path, as {@code v6.0}; the bare path where absent. From v7.0 on the API is
   * gone: that stops the start.
   */
  Optional<String> version();

  /** Bounds a call, from sending to the end of the answer. */
  @WithDefault("PT10S")
  Duration timeout();

  /** Bounds finding a connection: name, route and TLS in all. {@link #timeout} if that is less. */
  @WithDefault("PT2S")
  Duration connectTimeout();

  /** Ids a call carries, at most 200. */
  @WithDefault("200")
  int batchSize();

  /** Calls under way at once, in this process. */
  @WithDefault("4")
  int concurrency();
}
