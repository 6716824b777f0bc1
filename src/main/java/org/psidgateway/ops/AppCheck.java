package org.psidgateway.ops;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/** Without the app's id and secret, no call to the upstream can be signed. */
@Singleton
class AppCheck implements StartupCheck {
  private final Config config;

  AppCheck(Config config) {
    this.config = config;
  }

  @Override
  public List<String> problems() {
    return Stream.of("gateway.app.id", "gateway.app.secret")
        .filter(key -> config.getOptionalValue(key, String.class).isEmpty())
        .map(key -> key + " is required")
        .toList();
  }
}
