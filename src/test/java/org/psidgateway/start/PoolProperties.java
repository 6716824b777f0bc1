package org.psidgateway.start;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import javax.sql.DataSource;
import org.psidgateway.testing.Backing;

/** What the connections of the pool are opened with, as it is configured. */
final class PoolProperties {
  private static final String PREFIX = "quarkus.datasource.jdbc.additional-jdbc-properties.";

  private PoolProperties() {}

  /** As the pool opens them. */
  static DataSource pool(Backing.Database database, String url) {
    return DirectConnections.connections(DirectConnections.merged(url, properties(database)));
  }

  /** As migrations do. */
  static DataSource connections(Backing.Database database, String url) {
    return DirectConnections.to(url, properties(database));
  }

  private static Properties properties(Backing.Database database) {
    Properties configured = new Properties();
    try (Reader reader =
        Files.newBufferedReader(Path.of("src", "main", "resources", "application.properties"))) {
      configured.load(reader);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Properties properties = new Properties();
    configured.stringPropertyNames().stream()
        .filter(name -> name.startsWith(PREFIX))
        .forEach(
            name ->
                properties.setProperty(
                    name.substring(PREFIX.length()), configured.getProperty(name)));
    properties.setProperty("user", database.user());
    properties.setProperty("password", database.password());
    return properties;
  }
}
