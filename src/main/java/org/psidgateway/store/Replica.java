package org.psidgateway.store;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.OutageLog;
import org.psidgateway.time.Ticker;

/**
 * A streaming replica of the database, if there is one: takes look-ups of known ids off it, and
 * goes on while it is away. Only mappings are believed, since they never change; what the replica
 * does not know may be known by now. Thread-safe.
 */
@Startup // its meters are there from the start
@Singleton
class Replica {
  private static final long SHORTEST_PAUSE = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(60);

  /** After this long without a failure, back-off starts over. */
  private static final long TRUSTED_AGAIN = TimeUnit.MINUTES.toNanos(2);

  private final javax.sql.@Nullable DataSource dataSource;
  private final ReplicaMeters meters;
  private final Ticker ticker;
  private final OutageLog outage =
      new OutageLog(
          Replica.class, "Look-ups no longer ask the replica", "Look-ups ask the replica again");
  private volatile boolean usable;
  private volatile boolean upToDate;
  private long failedAt;
  private long pause;

  @Inject
  Replica(
      ReplicaConfig config,
      @DataSource("replica") InjectableInstance<AgroalDataSource> dataSource,
      ReplicaMeters meters,
      Ticker ticker) {
    this(config.jdbcUrl().isPresent() ? dataSource.get() : null, meters, ticker);
  }

  Replica(javax.sql.@Nullable DataSource dataSource, ReplicaMeters meters, Ticker ticker) {
    this.dataSource = dataSource;
    this.meters = meters;
    this.ticker = ticker;
    this.failedAt = ticker.nanos() - TRUSTED_AGAIN;
    if (dataSource != null) {
      meters.usable(false);
    }
  }

  /** Whether there is one. */
  boolean isConfigured() {
    return dataSource != null;
  }

  /** Whether it answers, and is hardly behind. */
  boolean isUsable() {
    return usable;
  }

  /** Which of {@code asids} are mapped, in no particular order. Blocks. */
  Findings lookUp(PageId page, long[] asids) throws SQLException {
    try (Connection connection = connection()) {
      Findings found = MappingSql.mapped(connection, page, asids);
      meters.asked(asids.length, found.size());
      return found;
    }
  }

  /** One id, if it is mapped. Blocks. */
  Optional<Mapping> find(PageId page, long asid) throws SQLException {
    try (Connection connection = connection()) {
      Optional<Mapping> found = MappingSql.findMapped(connection, page, asid);
      meters.asked(1, found.isPresent() ? 1 : 0);
      return found;
    }
  }

  /**
   * Whether other pods may have its answers from this one: not while this one can't hear of
   * changes, since it would not hear of what was erased either.
   */
  boolean isUpToDate() {
    return upToDate;
  }

  /**
   * It failed, or was too slow: it is left alone for a second, and for longer, up to a minute, if
   * that happens again and again.
   */
  void distrust() {
    meters.failed();
    if (usable) {
      distrusted();
    }
  }

  private synchronized void distrusted() {
    if (usable) {
      long now = ticker.nanos();
      pause = now - failedAt < TRUSTED_AGAIN ? Math.min(2 * pause, LONGEST_PAUSE) : SHORTEST_PAUSE;
      failedAt = now;
      usable(false, "it does not answer in time");
    }
  }

  void upToDate(boolean now) {
    upToDate = now;
  }

  synchronized void usable(boolean seen, String why) {
    boolean now = seen && ticker.nanos() - failedAt > pause;
    if (now != usable) {
      usable = now;
      meters.usable(now);
      if (now) {
        outage.recovered();
      } else {
        outage.failed(why);
      }
    }
  }

  Connection connection() throws SQLException {
    if (dataSource == null) {
      throw new SQLException("there is no replica");
    }
    return dataSource.getConnection();
  }
}
