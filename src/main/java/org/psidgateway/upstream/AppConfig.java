package org.psidgateway.upstream;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** The app that this deployment serves. Without a secret, calls carry no proof. */
@ConfigMapping(prefix = "gateway.app")
interface AppConfig {

  /** The id of the Facebook app. Required in production. */
  Optional<String> id();

  /**
   * The secret of the app, which signs {@code appsecret_proof}. Required in production, but not by
   * an archive ({@code gateway.upstream.kind} is {@code none}).
   */
  Optional<String> secret();
}
