package org.psidgateway.start;

import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration;
import io.agroal.api.configuration.AgroalDataSourceConfiguration;
import io.agroal.api.security.SimplePassword;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens a new connection each time: to the same server as the pool, with the same login and
 * properties, but with the limits of a migration, and a quarter of an hour for an answer.
 */
final class DirectConnections {
  private static final int LOGIN_SECONDS = 5;
  private static final long ANSWER_SECONDS = Duration.ofMinutes(15).toSeconds();

  private DirectConnections() {}

  /** Like the pool's, except for what {@code quarkus.flyway.*} sets. */
  static DataSource like(AgroalDataSourceConfiguration pool, Config config) {
    AgroalConnectionFactoryConfiguration factory =
        pool.connectionPoolConfiguration().connectionFactoryConfiguration();
    Properties properties = new Properties();
    properties.putAll(factory.jdbcProperties());
    if (factory.principal() != null) {
      properties.setProperty(PGProperty.USER.getName(), factory.principal().getName());
    }
    for (Object credential : factory.credentials()) {
      if (credential instanceof SimplePassword password) {
        properties.setProperty(PGProperty.PASSWORD.getName(), password.getWord());
      }
    }
    config
        .getOptionalValue("quarkus.flyway.username", String.class)
        .ifPresent(user -> properties.setProperty(PGProperty.USER.getName(), user));
    config
        .getOptionalValue("quarkus.flyway.password", String.class)
        .ifPresent(password -> properties.setProperty(PGProperty.PASSWORD.getName(), password));
    return to(
        config.getOptionalValue("quarkus.flyway.jdbc-url", String.class).orElse(factory.jdbcUrl()),
        properties);
  }

  static DataSource to(String url, Properties properties) {
    Properties all = merged(url, properties);
    // If the pool has none, a pooler accepts none.
    all.computeIfPresent(
        PGProperty.OPTIONS.getName(), (name, text) -> text + " " + MigrationLimits.OPTIONS);
    all.setProperty(PGProperty.SOCKET_TIMEOUT.getName(), String.valueOf(ANSWER_SECONDS));
    all.setProperty(PGProperty.LOGIN_TIMEOUT.getName(), String.valueOf(LOGIN_SECONDS));
    return connections(all);
  }

  /** The URL takes precedence, as it does in the pool. */
  static Properties merged(String url, Properties properties) {
    Properties all = new Properties();
    all.putAll(properties);
    Properties ofUrl = Driver.parseURL(url, null);
    if (ofUrl == null) {
      throw new IllegalStateException("the JDBC URL can't be read"); // not quoted: see StartCheck
    }
    ofUrl.stringPropertyNames().forEach(name -> all.setProperty(name, ofUrl.getProperty(name)));
    return all;
  }

  static DataSource connections(Properties all) {
    PGSimpleDataSource connections = new PGSimpleDataSource();
    for (String name : all.stringPropertyNames()) {
      PGProperty property = PGProperty.forName(name);
      if (property != null) {
        connections.setProperty(property, all.getProperty(name));
      }
    }
    return connections;
  }
}
