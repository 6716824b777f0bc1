package org.psidgateway.upstream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.psidgateway.model.UpstreamKind;

/** Where the upstream is and how it may be called. {@link UpstreamCheck} checks the values. */
@ConfigMapping(prefix = "gateway.upstream")
interface UpstreamConfig {

  /**
   * What is asked: the Page-Scoped ID API ({@code pages-id-mapping}), which Meta has retired, or ID
   * Matching ({@code id-matching}). With {@code none} nothing is: an archive of what is known. It
   * needs no app secret and no token, and the other keys of {@code gateway.upstream} have no
   * effect.
   */
  @WithDefault("pages-id-mapping")
  UpstreamKind kind();

  /**
   * ID Matching: ask about a person on all Pages at once, and keep what belongs to registered ones.
   * Otherwise each Page is asked about by itself.
   */
  @WithDefault("true")
  boolean harvest();

  /**
   * Form of {@code appsecret_proof}: of the token alone ({@code plain}), or of the token and the
   * time ({@code timed}, with {@code appsecret_time}), which lasts for five minutes.
   */
  @WithDefault("plain")
  ProofForm proof();

  /** An egress proxy that all calls go through: {@code http://host:port}. */
  Optional<URI> proxy();

  /** Base URL of the upstream: scheme, host, and at most a path. In dev it is the simulator. */
  @WithDefault("https://graph.facebook.com")
  URI baseUrl();

  /**
   * API version, such as {@code v6.0}, put in front of the path. Without it, the path is called
   * without a version. {@code pages-id-mapping} ended with v7.0, so v7.0 and later stop the start;
   * {@code id-matching} began with v2.9.
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

  /**
   * Ids per call, at most 200 ({@code pages-id-mapping}) or 50 ({@code id-matching}); without it,
   * as many.
   */
  OptionalInt batchSize();

  /** Calls that one pod may have under way at the same time. */
  @WithDefault("4")
  int concurrency();
}
