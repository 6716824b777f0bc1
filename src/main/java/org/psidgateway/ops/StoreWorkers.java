package org.psidgateway.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The workers that ask PostgreSQL on behalf of requests: three quarters of the connections, so that
 * reserves and settlements find one however many look-ups wait.
 */
final class StoreWorkers {

  @Produces
  @Singleton
  @Startup // its meter is there from the start
  static Workers workers(
      @ConfigProperty(name = "quarkus.datasource.jdbc.max-size") int connections,
      MeterRegistry registry) {
    // A slow PostgreSQL fails no look-up: nobody is waiting any more when it answers.
    OutageLog late =
        new OutageLog(
            StoreWorkers.class,
            "PostgreSQL does not answer requests before their deadlines",
            "PostgreSQL answers requests before their deadlines again",
            Duration.ofSeconds(5));
    Workers workers = new Workers(Math.max(1, connections * 3 / 4), late);
    Gauge.builder("gateway.store.waiting", workers, Workers::waiting)
        .description("Requests that wait for their turn to ask PostgreSQL")
        .baseUnit("requests")
        .register(registry);
    return workers;
  }
}
