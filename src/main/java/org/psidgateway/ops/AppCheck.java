package org.psidgateway.ops;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.psidgateway.model.UpstreamKind;

/**
 * Without the app's id and secret, no call to the upstream can be signed; an archive makes none.
 */
@Singleton
class AppCheck implements StartupCheck {
  private static final String ID = "gateway.app.id";
  private static final String SECRET = "gateway.app.secret";

  /** The secret of the profile dev. */
  private static final String PUBLISHED = "dev-app-secret";

  private final Config config;
  private final UpstreamKind upstream;

  AppCheck(Config config, UpstreamKind upstream) {
    this.config = config;
    this.upstream = upstream;
  }

  @Override
  public void check(Faults faults) {
    faults.required(ID, value(ID).isPresent(), "the id of your app at Meta");
    Optional<String> secret = value(SECRET);
    faults.required(
        SECRET, secret.isPresent() || upstream == UpstreamKind.NONE, "the secret of that app");
    if (faults.inProduction() && secret.filter(PUBLISHED::equals).isPresent()) {
      faults.add(
          SECRET + " is the secret that is published with the profile dev: use your app's own");
    }
  }

  private Optional<String> value(String key) {
    return config
        .getOptionalValue(key, String.class)
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }
}
