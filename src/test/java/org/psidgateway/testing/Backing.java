package org.psidgateway.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Temporary: replaced. */
public final class Backing {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static EmbeddedPostgres postgres;

  private Backing() {}

  public static synchronized DataSource freshDatabase() {
    try {
      if (postgres == null) {
        postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").setServerConfig("max_connections", "200").start();
        try (Connection c = postgres.getPostgresDatabase().getConnection()) {
          c.createStatement().execute("create database tpl");
        }
        Flyway.configure().dataSource(postgres.getDatabase("postgres", "tpl")).load().migrate();
      }
      String name = "t" + COUNT.incrementAndGet();
      try (Connection c = postgres.getPostgresDatabase().getConnection()) {
        c.createStatement().execute("create database " + name + " template tpl");
      }
      return postgres.getDatabase("postgres", name);
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
