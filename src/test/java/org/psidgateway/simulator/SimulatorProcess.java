package org.psidgateway.simulator;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/**
 * The simulator as a process of its own, for clusters on a laptop. Its settings are the {@code
 * simulator.*} keys, mostly as variables: {@code SIMULATOR_HOST}, {@code SIMULATOR_PAGES_100}. It
 * lives among the tests, so that no package of the gateway can start it.
 */
final class SimulatorProcess {
  private SimulatorProcess() {}

  public static void main(String... arguments) {
    SimulatorConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultSources()
            .withMapping(SimulatorConfig.class)
            .build()
            .getConfigMapping(SimulatorConfig.class);
    SimulatedGraph.start(
        Vertx.vertx(), config.host(), config.port(), config.script(), InstantSource.system());
  }
}
