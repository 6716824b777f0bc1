package org.psidgateway.start;

import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** The servers open their ports last: a number that is no port would be noticed only then. */
@Singleton
class PortsCheck implements StartupCheck {
  private static final int HIGHEST = 65_535;

  private static final List<String> KEYS =
      List.of("quarkus.http.port", "quarkus.http.ssl-port", "quarkus.management.port");

  private final Config config;

  PortsCheck(Config config) {
    this.config = config;
  }

  @Override
  public void check(Faults faults) {
    for (String key : KEYS) {
      config
          .getOptionalValue(key, Integer.class)
          .ifPresent(port -> faults.between(key, port, 0, HIGHEST));
    }
  }
}
