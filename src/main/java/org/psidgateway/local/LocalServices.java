package org.psidgateway.local;

import java.nio.file.Path;
import java.util.Locale;

/**
 * A real PostgreSQL and a real Redis on free ports of this machine, with no Docker and no root
 * needs. Each starts when it is first asked for, once per JVM (every class loader finds the same
 * one through system properties), and stops with the JVM. Thread-safe; the first call of each takes
 * seconds.
 */
public enum LocalServices {
  /**
   * Keeps its data in {@code target/local} from start to start, with PostgreSQL's safe defaults.
   */
  DEV(Path.of("target", "local")),

  /** Starts empty, deletes its data at the end, and trades safety for speed. */
  TEST(Path.of("target", "local", LocalHome.TEST_PREFIX + ProcessHandle.current().pid()));

  private final Path directory;

  LocalServices(Path directory) {
    this.directory = directory;
  }

  /** The URL of an empty database for the gateway, which migrates it itself. */
  public String jdbcUrl() {
    return jdbcUrl(LocalPostgres.DATABASE);
  }

  /** As {@link #jdbcUrl()}, for another database of the same server. */
  public String jdbcUrl(String database) {
    String port = once("postgres", home -> LocalPostgres.start(home, this == DEV));
    return "jdbc:postgresql://localhost:" + port + "/" + database;
  }

  /** A superuser. */
  public String user() {
    return LocalPostgres.SUPERUSER;
  }

  public String password() {
    return "any"; // the server trusts every connection, and listens on this machine only
  }

  public int redisPort() {
    return Integer.parseInt(once("redis", home -> LocalRedis.start(home, this == DEV)));
  }

  String redisUrl() {
    return "redis://localhost:" + redisPort();
  }

  private String once(String what, Start start) {
    String prefix = "psidgateway.local." + name().toLowerCase(Locale.ROOT) + ".";
    synchronized (Runtime.getRuntime()) { // one lock for all class loaders
      String home = System.getProperty(prefix + "home");
      if (home == null) {
        home = LocalHome.claim(directory.toAbsolutePath(), this == DEV).toString();
        System.setProperty(prefix + "home", home);
      }
      String port = System.getProperty(prefix + what);
      if (port == null) {
        port = Integer.toString(start.in(Path.of(home)));
        System.setProperty(prefix + what, port);
      }
      return port;
    }
  }

  private interface Start {
    int in(Path home);
  }
}
