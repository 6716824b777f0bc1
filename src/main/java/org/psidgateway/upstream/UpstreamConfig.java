package org.psidgateway.upstream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where the upstream is and how it may be called. {@link ConfigCheck} says what is acceptable. */
@ConfigMapping(prefix = "gateway.upstream")
interface UpstreamConfig {

  /** The protocols there are. */
  enum Kind {
    PAGES_ID_MAPPING,
    ID_MATCHING
  }

  @WithDefault("pages-id-mapping")
  Kind kind();

  @WithDefault("https://graph.facebook.com")
  URI baseUrl();

  /** Put in front of the path, as {@code v6.0}; the bare path where empty. */
  Optional<String> version();

  /** Bounds a call, from sending to the end of the answer. */
  @WithDefault("PT10S")
  Duration timeout();

  /** Bounds finding a connection: name, route and TLS in all. {@link #timeout} if that is less. */
  @WithDefault("PT2S")
  Duration connectTimeout();

  @WithDefault("200")
  int batchSize();

  /** Calls under way at once, in this process. */
  @WithDefault("4")
  int concurrency();
}
