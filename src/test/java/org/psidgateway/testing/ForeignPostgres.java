package org.psidgateway.testing;

import java.nio.file.Path;
import java.util.Map;
import org.psidgateway.testing.Backing.Database;

/**
 * The distribution's PostgreSQL with its settings as they come: one for all tests of a JVM that are
 * {@link Foreign} for {@link Program#POSTGRES}.
 */
public final class ForeignPostgres {
  /** The defaults that the library which starts it would override. */
  private static final Map<String, String> AS_THEY_COME =
      Map.of("max_connections", "100", "synchronous_commit", "on", "fsync", "on");

  /** Has every statement compiled; otherwise only expensive ones are. */
  public static final String EAGER_JIT = "jit_above_cost=0";

  private static PostgresServer shared;

  private ForeignPostgres() {}

  /** A database of the test's own, migrated, with {@code settings} besides. */
  public static Database freshDatabase(String... settings) {
    return server().newDatabase(settings);
  }

  /** A database of the test's own for a pod to migrate. */
  public static Database emptyDatabase(String... settings) {
    return server().emptyDatabase(settings);
  }

  private static synchronized PostgresServer server() {
    if (shared == null) {
      Path home = Path.of("target/foreign/postgres-" + ProcessHandle.current().pid());
      shared = new PostgresServer(PostgresBinaries.FOREIGN, home, false, AS_THEY_COME);
    }
    return shared;
  }
}
