package org.psidgateway.ops;

import io.quarkus.arc.All;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops a start that is configured wrongly, before anything else runs and before the ports open.
 * All that is wrong is told at once: nobody should have to find it out one restart after the other.
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
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw new ConfigurationException(
          "The gateway does not start with this configuration:\n  "
              + String.join("\n  ", problems));
    }
  }

  List<String> problems() {
    List<String> problems = new ArrayList<>();
    knownKeys.unknown().forEach(name -> problems.add(name + " is not known"));
    if (mode == LaunchMode.NORMAL) {
      checks.forEach(check -> problems.addAll(check.problems()));
    }
    return problems;
  }
}
