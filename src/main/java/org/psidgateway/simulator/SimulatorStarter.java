package org.psidgateway.simulator;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts the simulator before anything can call it. A build without it has no such bean. */
@Singleton
@IfBuildProperty(name = "simulator.enabled", stringValue = "true")
class SimulatorStarter {
  private static final Logger LOG = Logger.getLogger(SimulatorStarter.class);

  private final SimulatorConfig config;
  private final Vertx vertx;
  private final InstantSource clock;
  private @Nullable SimulatedGraph graph;

  SimulatorStarter(SimulatorConfig config, Vertx vertx, InstantSource clock) {
    this.config = config;
    this.vertx = vertx;
    this.clock = clock;
  }

  void start(@Observes @Priority(ProductionRefusal.PRIORITY + 1) StartupEvent event) {
    if (config.enabled()) {
      graph = SimulatedGraph.start(vertx, config.host(), config.port(), config.script(), clock);
      LOG.infof("A simulated Graph API listens on port %d", graph.port());
    }
  }

  @PreDestroy
  void stop() {
    if (graph != null) {
      graph.close();
    }
  }
}
