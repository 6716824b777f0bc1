package org.psidgateway.ops;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.InstantSource;

/** The one place that reads the system clock: everybody else has it injected. */
final class Time {

  @Produces
  @ApplicationScoped
  @DefaultBean
  static InstantSource clock() {
    return InstantSource.system();
  }
}
