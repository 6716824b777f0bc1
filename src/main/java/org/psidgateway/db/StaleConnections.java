package org.psidgateway.db;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.AgroalDataSource.FlushMode;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.quarkus.agroal.runtime.JdbcDriver;
import io.quarkus.arc.Unremovable;
import io.quarkus.datasource.common.runtime.DatabaseKind;
import io.quarkus.jdbc.postgresql.runtime.PostgreSQLAgroalConnectionConfigurer;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.psidgateway.time.Ticker;

/**
 * Makes the pool discard connections that are open and yet useless. After a fail-over that left the
 * former primary running, read-only, its connections stay valid forever: the first write that is
 * refused there empties the pool, so that reads too go to the server that new connections lead to.
 * Thread-safe; never blocks.
 */
@Alternative
@Priority(1)
@JdbcDriver(DatabaseKind.POSTGRESQL)
@Singleton
@Unremovable // the framework looks it up while running
class StaleConnections extends PostgreSQLAgroalConnectionConfigurer {
  /**
   * Connection lost, plan outdated by a migration, ended by the server, statement unknown to the
   * server behind a pooler.
   */
  private static final Pattern USELESS = Pattern.compile("08.*|0A000|25P03|26000|57P.*");

  private static final String READ_ONLY = "25006";

  private final Instance<AgroalDataSource> pool;

  /** A server that is read-only for long is not connected to anew with each write. */
  private final GrowingPause pause;

  StaleConnections(Instance<AgroalDataSource> pool, Ticker ticker) {
    this.pool = pool;
    this.pause = new GrowingPause(ticker);
  }

  @Override
  public void setExceptionSorter(
      String databaseKind, AgroalDataSourceConfigurationSupplier dataSource) {
    dataSource.connectionPoolConfiguration().exceptionSorter(this::isStale);
  }

  private boolean isStale(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    if (state.equals(READ_ONLY)) {
      emptyPool();
      return true;
    }
    return USELESS.matcher(state).matches();
  }

  private void emptyPool() {
    if (pause.isOver()) {
      pool.get().flush(FlushMode.GRACEFUL); // those in use, once they are given back
    }
  }
}
