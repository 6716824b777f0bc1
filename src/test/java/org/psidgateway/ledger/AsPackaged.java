package org.psidgateway.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.postgresql.ds.PGSimpleDataSource;
import org.psidgateway.testing.Backing;

/** Connections with the options that the packaged application asks for. */
final class AsPackaged {
  private static final Path CONFIGURATION = Path.of("src/main/resources/application.properties");
  private static final String OPTIONS =
      "quarkus.datasource.jdbc.additional-jdbc-properties.options";

  private AsPackaged() {}

  /**
   * @param more options of the test's own, such as {@code -c statement_timeout=0}
   */
  static PGSimpleDataSource connections(Backing.Database database, String more) {
    Properties configuration = new Properties();
    try (InputStream in = Files.newInputStream(CONFIGURATION)) {
      configuration.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PGSimpleDataSource dataSource = (PGSimpleDataSource) database.dataSource();
    dataSource.setOptions(configuration.getProperty(OPTIONS, "") + " " + more);
    return dataSource;
  }
}
