package org.psidgateway.simulator;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Stops a production start that asks for the simulator: invented PSIDs would be kept forever. */
@Singleton
class ProductionRefusal {
  static final int PRIORITY = 2; // after the start-up checks, which report all at once

  private final SimulatorConfig config;

  ProductionRefusal(SimulatorConfig config) {
    this.config = config;
  }

  void check(@Observes @Priority(PRIORITY) StartupEvent event) {
    check(config.enabled(), LaunchMode.current(), ConfigUtils.isProfileActive("prod"));
  }

  static void check(boolean enabled, LaunchMode mode, boolean production) {
    if (enabled && production && mode == LaunchMode.NORMAL) {
      throw new ConfigurationException(
          "simulator.enabled is true in production: its PSIDs are invented and would be stored as"
              + " answers; remove simulator.enabled, or start under another profile than prod");
    }
  }
}
