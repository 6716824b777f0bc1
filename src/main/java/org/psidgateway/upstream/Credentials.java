package org.psidgateway.upstream;

import java.util.Optional;

/** Who the app is, and what proves it, without what a file may have put around it. */
record Credentials(Optional<String> id, Optional<String> secret) {

  static Credentials of(AppConfig app) {
    return new Credentials(bare(app.id()), bare(app.secret()));
  }

  /** The app access token, if there is one. */
  Optional<String> token() {
    return id.flatMap(of -> secret.map(key -> of + "|" + key));
  }

  private static Optional<String> bare(Optional<String> value) {
    return value.map(String::strip).filter(text -> !text.isEmpty());
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "app " + id.orElse("");
  }
}
