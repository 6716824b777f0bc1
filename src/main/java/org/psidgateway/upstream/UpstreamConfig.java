package org.psidgateway.upstream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.psidgateway.model.UpstreamKind;

/** Where the upstream is and how it may be called. {@link UpstreamCheck} checks the values. */
@ConfigMapping(prefix = "gateway.upstream")
interface UpstreamConfig {

  /** The protocol. {@code id-matching} is not built yet, and stops the start. */
  @WithDefault("pages-id-mapping")
  UpstreamKind kind();

  /** Base URL of the upstream: scheme, host, and at most a path. In dev it is the simulator. */
  @WithDefault("https://graph.facebook.com")
  URI baseUrl();

  /**
   * API version, such as {@code v6.0}, put in front of the path. Without it, the path is called
   * without a version. The API ended with v7.0, so v7.0 and later stop the start.
   */
  Optional<String> version();

  /** How long a call may take, from sending it to the end of the answer. */
  @WithDefault("PT10S")
  Duration timeout();

  /**
   * How long opening a connection may take, including name resolution and TLS. {@link #timeout}
   * applies if it is shorter.
   */
  @WithDefault("PT2S")
  Duration connectTimeout();

  /** Ids per call, at most 200. */
  @WithDefault("200")
  int batchSize();

  /** Calls that one pod may have under way at the same time. */
  @WithDefault("4")
  int concurrency();
}
