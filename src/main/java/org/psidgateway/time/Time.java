package org.psidgateway.time;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** The one place that reads the system clocks: everybody else has them injected. */
final class Time {

  @Produces
  @Singleton
  @DefaultBean
  static InstantSource clock() {
    return InstantSource.system();
  }

  @Produces
  @Singleton
  @DefaultBean
  static Ticker ticker() {
    return Ticker.system();
  }
}
