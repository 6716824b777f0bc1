package org.psidgateway.start;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduler;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * The steps of a start that need PostgreSQL, in their order: after the start-up checks, and before
 * anything that reads a table. Jobs run from the end of the start on: until then their tables may
 * be missing.
 */
@Singleton
class Start {
  private static final int AFTER_THE_CHECKS = 10;
  private static final int AT_THE_END = Integer.MAX_VALUE;

  private final PostgresWait wait;
  private final Schema schema;
  private final SessionLimits limits;

  Start(PostgresWait wait, Schema schema, SessionLimits limits) {
    this.wait = wait;
    this.schema = schema;
    this.limits = limits;
  }

  void begin(@Observes @Priority(AFTER_THE_CHECKS) StartupEvent event) {
    wait.until(
        () -> {
          schema.migrate();
          limits.check();
        });
  }

  void end(@Observes @Priority(AT_THE_END) StartupEvent event, Scheduler jobs) {
    jobs.resume();
  }
}
