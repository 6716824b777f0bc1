package org.psidgateway.deployment;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.psidgateway.ops.StartStep;

/**
 * Whose database this is. It belongs to the app of its first start, and a start with another app is
 * refused. Its id is random and distinguishes this deployment from others that use the same Redis;
 * a copy of the database is another deployment, and draws an id of its own. Thread-safe.
 */
@Singleton
@Priority(StartStep.FIRST)
public class Deployment implements StartStep {
  private static final String NO_PRIVILEGE = "42501";
  private static final Logger LOG = Logger.getLogger(Deployment.class);

  private final DataSource dataSource;
  private final String app;
  private volatile boolean started;
  private boolean ending;
  private volatile String name = "";

  @Inject
  Deployment(DataSource dataSource, Config config) {
    this(dataSource, config.getOptionalValue("gateway.app.id", String.class).orElse(""));
  }

  /** Without a container. */
  public Deployment(DataSource dataSource, String app) {
    this.dataSource = dataSource;
    this.app = app.strip();
  }

  /** Before anything is written. */
  @Override
  public void run() throws SQLException {
    try {
      refresh();
      started = true;
      LOG.infof("The database belongs to app %s; the id of this deployment is %s", app, name);
    } catch (AnotherApp e) {
      throw new ConfigurationException("The gateway does not start: " + e.getMessage());
    } catch (SQLException e) {
      if (NO_PRIVILEGE.equals(e.getSQLState())) {
        throw new ConfigurationException(
            "The gateway does not start: the database's login may not call pg_control_system(), or"
                + " not use the table `deployment` (SQL state "
                + NO_PRIVILEGE
                + ")");
      }
      throw e;
    }
  }

  /**
   * Its id as of the last {@link #refresh}. Never blocks.
   *
   * @throws IllegalStateException before the first one
   */
  public long id() {
    return DeploymentId.parse(name());
  }

  /** The id as it is written in names and logs, 16 hexadecimal digits; otherwise as {@link #id}. */
  public String name() {
    if (name.isEmpty()) {
      throw new IllegalStateException("the database has not been asked yet");
    }
    return name;
  }

  /**
   * Checks again whose database it is. True: the id has changed since the last check, so whatever
   * was remembered under the former one may be wrong. Blocks for one round trip, rarely three.
   *
   * @throws AnotherApp if it belongs to another app; a gateway that is running then exits
   */
  public synchronized boolean refresh() throws SQLException {
    String former = name;
    try (Connection connection = dataSource.getConnection()) {
      name = read(connection);
    } catch (AnotherApp e) {
      if (started && !ending) { // the exit takes seconds, with several looks in them
        ending = true;
        LOG.error(e.getMessage());
        Quarkus.asyncExit(1);
      }
      throw e;
    }
    return !former.isEmpty() && !former.equals(name);
  }

  private String read(Connection connection) throws SQLException {
    DeploymentTable.Row row = DeploymentTable.read(connection);
    if (row.appId() == null) {
      String drawn = DeploymentId.format(DeploymentId.draw());
      DeploymentTable.insert(connection, app, drawn, row.place());
      row = DeploymentTable.read(connection);
    }
    if (!app.equals(row.appId())) {
      throw new AnotherApp(app, String.valueOf(row.appId()));
    }
    if (!row.original()) {
      String drawn = DeploymentId.format(DeploymentId.draw());
      DeploymentTable.replace(connection, drawn, row.place());
      LOG.infof("The database was copied from deployment %s; it gets an id of its own", row.id());
      row = DeploymentTable.read(connection);
    }
    return String.valueOf(row.id());
  }

  /** One database, two apps. */
  static final class AnotherApp extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    AnotherApp(String configured, String owner) {
      super(
          ("gateway.app.id is %s, but the database belongs to app %s: give this deployment a"
                  + " database of its own (quarkus.datasource.jdbc.url), or correct gateway.app.id")
              .formatted(configured, owner));
    }
  }
}
