package org.psidgateway.start;

import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.flywaydb.core.Flyway;

/**
 * Migrates the schema, on connections of its own: a migration may take minutes, which the limits of
 * the pool's connections would not allow. Nothing is left open. Pods that start together do it one
 * after the other. Blocks.
 */
@Singleton
class Schema {
  private static final int OLDEST_POSTGRESQL = 15;

  /** As for the pool's connections, so that a frozen server is noticed, and waited for. */
  private static final int ANSWER_MILLIS = 7_000;

  /** False also if no schema of the search path exists. */
  private static final String MAY_CREATE =
      """
      select to_regclass('flyway_schema_history') is not null
             or coalesce(has_schema_privilege(current_schema(), 'create'), false),
             current_user, current_database()
      """;

  private static final int WITHOUT_END = -1;

  private final DataSource connections;
  private final Flyway flyway;

  @Inject
  Schema(Flyway flyway, AgroalDataSource pool, Config config) {
    this(flyway, DirectConnections.like(pool.getConfiguration(), config));
  }

  /**
   * @param flyway knows where the migrations are
   */
  Schema(Flyway flyway, DataSource connections) {
    this.connections = connections;
    this.flyway =
        Flyway.configure()
            .configuration(flyway.getConfiguration())
            .dataSource(connections)
            .callbacks(new MigrationLimits())
            // Another pod migrates, for as long as it takes; the startup probe limits the wait.
            .lockRetryCount(WITHOUT_END)
            // A pod of the version before may start, or start again, once a newer one has migrated.
            .ignoreMigrationPatterns("*:future")
            .load();
  }

  void migrate() throws SQLException {
    checkServer();
    flyway.migrate();
  }

  private void checkServer() throws SQLException {
    try (Connection connection = connections.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
      statement.execute("select 1");
      checkVersion(connection.getMetaData().getDatabaseMajorVersion());
      checkPrivilege(statement);
    }
  }

  /** Flyway would try for ten seconds. */
  private static void checkPrivilege(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(MAY_CREATE)) {
      row.next();
      if (!row.getBoolean(1)) {
        throw new ConfigurationException(
            ("The gateway does not start: role %s may not create tables in database %s; make it the"
                    + " owner: alter database … owner to …")
                .formatted(row.getString(2), row.getString(3)));
      }
    }
  }

  static void checkVersion(int major) {
    if (major < OLDEST_POSTGRESQL) {
      throw new ConfigurationException(
          "The gateway does not start: it needs PostgreSQL %d or later, and this is PostgreSQL %d"
              .formatted(OLDEST_POSTGRESQL, major));
    }
  }
}
