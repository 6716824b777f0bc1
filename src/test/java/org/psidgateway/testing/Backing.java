package org.psidgateway.testing;

import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.psidgateway.local.LocalServices;

/** Real backing services for tests that start no Quarkus: one server each per JVM. */
public final class Backing {
  private static final String TEMPLATE = "migrated";
  private static final int WITHOUT_END = -1;
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static boolean migrated;

  private Backing() {}

  /** A database of the test's own, migrated and otherwise empty. A tenth of a second. */
  public static synchronized Database freshDatabase() {
    if (!migrated) {
      execute("create database " + TEMPLATE);
      migrate(database(TEMPLATE).dataSource());
      migrated = true;
    }
    return copy(TEMPLATE);
  }

  /** The database as it is now, to which nobody may be connected. */
  public static Database copy(Database original) {
    return copy(original.name());
  }

  private static Database copy(String original) {
    String name = "fresh_" + COUNT.incrementAndGet();
    execute("create database " + name + " template " + original);
    return database(name);
  }

  /** The port of a Redis that all tests of this JVM share. */
  public static int redis() {
    return LocalServices.TEST.redisPort();
  }

  /**
   * As a pod does. Flyway keeps in a static field how often it asks for its lock: any other number
   * here would end the wait of a test that migrates on another thread.
   */
  static void migrate(DataSource dataSource) {
    Flyway.configure().dataSource(dataSource).lockRetryCount(WITHOUT_END).load().migrate();
  }

  private static Database database(String name) {
    LocalServices services = LocalServices.TEST;
    return new Database(services.jdbcUrl(name), services.user(), services.password());
  }

  private static void execute(String sql) {
    try (Connection connection = database("postgres").dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where a database is, for a data source or for a child process. */
  public record Database(String jdbcUrl, String user, String password) {

    public int port() {
      return URI.create(jdbcUrl.substring("jdbc:".length())).getPort();
    }

    /** The same database through a proxy, which can read what passes. */
    public Database through(FaultyProxy proxy) {
      return through(proxy.port(), "sslmode=disable");
    }

    /** The same database through another server on this machine. */
    public Database through(int port, String parameters) {
      String url = "jdbc:postgresql://localhost:%d/%s?%s".formatted(port, name(), parameters);
      return new Database(url, user, password);
    }

    private String name() {
      return URI.create(jdbcUrl.substring("jdbc:".length())).getPath().substring(1);
    }

    public Sql sql() {
      return new Sql(dataSource());
    }

    /** Opens a connection each time. */
    public DataSource dataSource() {
      PGSimpleDataSource dataSource = new PGSimpleDataSource();
      dataSource.setUrl(jdbcUrl);
      dataSource.setUser(user);
      dataSource.setPassword(password);
      return dataSource;
    }
  }
}
