package org.psidgateway.ops;

import io.quarkus.arc.All;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Stops a start with a faulty configuration, before anything else runs, a dependency is asked, or a
 * port opens. All faults are reported at once: nobody should have to find them one restart after
 * the other.
 */
@Singleton
class StartupChecks {
  private final List<StartupCheck> checks;
  private final KnownKeys knownKeys;
  private final LaunchMode mode;

  StartupChecks(@All List<StartupCheck> checks, KnownKeys knownKeys, LaunchMode mode) {
    this.checks = checks;
    this.knownKeys = knownKeys;
    this.mode = mode;
  }

  void onStart(@Observes @Priority(1) StartupEvent event) {
    List<String> faults = faults();
    if (!faults.isEmpty()) {
      // Of this type the message alone is logged, each line on its own, without a stack trace.
      throw new ConfigurationException(
          "The gateway does not start with this configuration:\n  " + String.join("\n  ", faults));
    }
  }

  private List<String> faults() {
    Faults faults = new Faults(mode == LaunchMode.NORMAL);
    knownKeys
        .unknown()
        .forEach(
            name ->
                faults.add(
                    name
                        + " is not known"
                        + knownKeys.meant(name).map(key -> ": is it " + key + "?").orElse("")));
    checks.forEach(check -> check.check(faults));
    return faults.all();
  }
}
