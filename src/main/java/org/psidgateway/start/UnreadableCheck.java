package org.psidgateway.start;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** Reports values that are no number, duration, date or whatever else their key is for. */
@Singleton
class UnreadableCheck implements StartupCheck {
  private final Config config;

  UnreadableCheck(Config config) {
    this.config = config;
  }

  @Override
  public void check(Faults faults) {
    for (ConfigSource source : config.getConfigSources()) {
      if (source instanceof UnreadableValues unreadable) {
        unreadable.faults().forEach(faults::unreadable);
      }
    }
  }
}
