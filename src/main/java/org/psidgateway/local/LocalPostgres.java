package org.psidgateway.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Starts PostgreSQL on a data directory, which it creates if there is none. */
final class LocalPostgres {
  static final String SUPERUSER = "postgres";
  static final String DATABASE = "gateway";

  /**
   * Neither UTC nor a whole hour away from it, so that tests notice code that assumes a time zone.
   */
  private static final String ODD_TIME_ZONE = "Asia/Kathmandu";

  private LocalPostgres() {}

  /** Returns its port. */
  static int start(Path home, boolean keep) {
    Path data = home.resolve("postgres");
    Path log = home.resolve("postgres.log");
    try {
      // Without this mark, a start was interrupted before the cluster was complete.
      Path complete = home.resolve("postgres.complete");
      if (Files.exists(data) && !Files.exists(complete)) {
        LocalHome.delete(data);
      }
      Path binaries = (keep ? home : home.resolveSibling("")).resolve("bin");
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(binaries.toFile())
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setLocaleConfig("locale", "C")
              .setPGStartupWait(Duration.ofSeconds(60))
              .setOutputRedirector(Redirect.appendTo(log.toFile()))
              .setErrorRedirector(Redirect.appendTo(log.toFile()))
              .setServerConfig("timezone", keep ? "UTC" : ODD_TIME_ZONE)
              .setServerConfig("fsync", keep ? "on" : "off")
              .setServerConfig("full_page_writes", keep ? "on" : "off")
              .setServerConfig("synchronous_commit", keep ? "on" : "off")
              .start();
      createDatabase(server);
      Files.writeString(complete, "");
      return server.getPort();
    } catch (IOException | SQLException | RuntimeException e) {
      throw new IllegalStateException("PostgreSQL did not start, its log is " + log, e);
    }
  }

  private static void createDatabase(EmbeddedPostgres server) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet known =
          statement.executeQuery("select from pg_database where datname = '" + DATABASE + "'")) {
        if (known.next()) {
          return;
        }
      }
      statement.execute("create database " + DATABASE);
    }
  }
}
