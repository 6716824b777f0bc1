package org.psidgateway.store;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.OutageLog;

/**
 * A streaming replica of the database, where there is one: takes look-ups of what is known off it,
 * and goes on while it is away. Only mappings are believed, since they never change; what the
 * replica does not know may be known by now. Thread-safe.
 */
@Startup // its meters are there from the start
@ApplicationScoped
public class Replica {
  private static final long SHORTEST_PAUSE = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(60);

  /** After this long without a failure, back-off starts over. */
  private static final long TRUSTED_AGAIN = TimeUnit.MINUTES.toNanos(2);

  private final javax.sql.@Nullable DataSource dataSource;
  private final ReplicaMeters meters;
  private final OutageLog outage =
      new OutageLog(
          Replica.class, "Look-ups no longer ask the replica", "Look-ups ask the replica again");
  private volatile boolean usable;
  private volatile boolean upToDate;
  private long failedAt = System.nanoTime() - TRUSTED_AGAIN;
  private long pause;

  @Inject
  Replica(
      ReplicaConfig config,
      @DataSource("replica") InjectableInstance<AgroalDataSource> dataSource,
      ReplicaMeters meters) {
    this(config.jdbcUrl().isPresent() ? dataSource.get() : null, meters);
  }

  Replica(javax.sql.@Nullable DataSource dataSource, ReplicaMeters meters) {
    this.dataSource = dataSource;
    this.meters = meters;
    if (dataSource != null) {
      meters.usable(false);
    }
  }

  /** Whether there is one. */
  boolean isConfigured() {
    return dataSource != null;
  }

  /** Whether it answers, and is hardly behind. */
  public boolean isUsable() {
    return usable;
  }

  /** Those of {@code asids} that are mapped, in no particular order. Blocks. */
  public Findings lookUp(PageId page, long[] asids) throws SQLException {
    try (Connection connection = connection()) {
      Findings found = MappingSql.mapped(connection, page, asids);
      meters.asked(asids.length, found.size());
      return found;
    }
  }

  /** One id, where it is mapped. Blocks. */
  public Optional<Mapping> find(PageId page, long asid) throws SQLException {
    try (Connection connection = connection()) {
      Optional<Mapping> found = MappingSql.findMapped(connection, page, asid);
      meters.asked(1, found.isPresent() ? 1 : 0);
      return found;
    }
  }

  /**
   * Whether what it tells may be told to other pods: not while this one can't hear of changes,
   * since it would not hear either of what was erased there.
   */
  public boolean isUpToDate() {
    return upToDate;
  }

  /**
   * It failed, or was too slow: it is left alone for a second, for longer where that happens again
   * and again, up to a minute.
   */
  public void distrust() {
    meters.failed();
    if (usable) {
      distrusted();
    }
  }

  private synchronized void distrusted() {
    if (usable) {
      long now = System.nanoTime();
      pause = now - failedAt < TRUSTED_AGAIN ? Math.min(2 * pause, LONGEST_PAUSE) : SHORTEST_PAUSE;
      failedAt = now;
      usable(false, "it does not answer in time");
    }
  }

  void upToDate(boolean now) {
    upToDate = now;
  }

  synchronized void usable(boolean seen, String why) {
    boolean now = seen && System.nanoTime() - failedAt > pause;
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
