package org.psidgateway.start;

import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Outage;
import org.psidgateway.time.Ticker;

/**
 * Waits for a PostgreSQL that is away while the pod starts, for {@code gateway.start.wait} in all.
 * Any failure that is no outage ends the start at once, as does the end of the wait: with the
 * reason, and without a stack trace.
 */
@Singleton
class PostgresWait {
  private static final Logger LOG = Logger.getLogger(PostgresWait.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Duration longest;
  private final Ticker ticker;

  PostgresWait(StartConfig config, Ticker ticker) {
    this.longest = config.longestWait();
    this.ticker = ticker;
  }

  /** What needs PostgreSQL; it may be done again from the beginning. */
  interface Step {
    void run() throws SQLException;
  }

  /**
   * Returns once the step is done.
   *
   * @throws ConfigurationException if it can't be; its message alone is logged
   */
  void until(Step step) {
    Throwable failure = attempt(step);
    if (failure == null) {
      return;
    }
    long away = ticker.nanos();
    LOG.warnf("PostgreSQL is unavailable; waiting up to %s (%s)", longest, Reason.of(failure));
    do {
      if (ticker.nanos() - away >= longest.toNanos()) {
        throw stop(
            "PostgreSQL is still unavailable after " + longest + ", see gateway.start.wait",
            failure);
      }
      ticker.after(PAUSE).await().indefinitely();
      failure = attempt(step);
    } while (failure != null);
    LOG.infof(
        "PostgreSQL is available after %d s; continuing start-up",
        TimeUnit.NANOSECONDS.toSeconds(ticker.nanos() - away));
  }

  /** Returns the outage, or null if the step is done. */
  private static @Nullable Throwable attempt(Step step) {
    try {
      step.run();
      return null;
    } catch (ConfigurationException e) {
      throw e;
    } catch (SQLException | RuntimeException e) {
      if (Outage.is(e) && !Outage.isRefused(e)) {
        return e;
      }
      throw stop("PostgreSQL can't be used", e);
    }
  }

  /** Of this type the message alone is logged, without a stack trace. */
  private static ConfigurationException stop(String what, Throwable why) {
    return new ConfigurationException(
        "The gateway does not start: " + what + " (" + Reason.of(why) + ")");
  }
}
