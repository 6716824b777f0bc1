package org.psidgateway.start;

import io.quarkus.arc.All;
import io.quarkus.runtime.ApplicationConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.vertx.http.DomainSocketServerStart;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.psidgateway.ops.StartReport;
import org.psidgateway.ops.StartStep;

/**
 * The steps of a start that need PostgreSQL, in their order: after the start-up checks, and before
 * anything that reads a table. Jobs run from the end of the start on: until then their tables may
 * be missing.
 */
@Singleton
class Start {
  private static final Logger LOG = Logger.getLogger(Start.class);
  private static final int AFTER_THE_CHECKS = 10;
  private static final int AT_THE_END = Integer.MAX_VALUE;

  private final PostgresWait wait;
  private final Schema schema;
  private final List<StartStep> steps;
  private final SessionLimits limits;
  private final List<StartReport> reports;
  private final ApplicationConfig application;
  private List<String> report = List.of();

  /**
   * @param steps in their order: by their priorities
   * @param reports likewise
   */
  Start(
      PostgresWait wait,
      Schema schema,
      @All List<StartStep> steps,
      SessionLimits limits,
      @All List<StartReport> reports,
      ApplicationConfig application) {
    this.wait = wait;
    this.schema = schema;
    this.steps = steps;
    this.limits = limits;
    this.reports = reports;
    this.application = application;
  }

  void begin(@Observes @Priority(AFTER_THE_CHECKS) StartupEvent event) {
    wait.until(this::run);
  }

  /** After an outage it starts from the beginning, since another server may have taken over. */
  private void run() throws SQLException {
    schema.migrate();
    for (StartStep step : steps) {
      step.run();
    }
    limits.check();
    List<String> parts = new ArrayList<>();
    for (StartReport part : reports) {
      parts.add(part.report());
    }
    report = parts;
  }

  void end(@Observes @Priority(AT_THE_END) StartupEvent event) {
    LOG.infof(
        "psid-gateway %s starts with profile %s: %s",
        application.version().orElse("?"),
        String.join(",", ConfigUtils.getProfiles()),
        String.join("; ", report));
  }

  // Jobs run once callers are served: a start that finds its port taken ends before any of them.

  void http(@ObservesAsync HttpServerStart served, Scheduler jobs) {
    jobs.resume();
  }

  void https(@ObservesAsync HttpsServerStart served, Scheduler jobs) {
    jobs.resume();
  }

  void domainSocket(@ObservesAsync DomainSocketServerStart served, Scheduler jobs) {
    jobs.resume();
  }

  /** Once calls under way are settled: no job may find the pool closed. */
  void stop(@Observes @Priority(AT_THE_END) ShutdownEvent event, Scheduler jobs) {
    jobs.pause();
  }
}
