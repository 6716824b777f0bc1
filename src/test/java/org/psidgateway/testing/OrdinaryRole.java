package org.psidgateway.testing;

import org.psidgateway.testing.Backing.Database;

/** A log-in that is no superuser and may use the tables of one database: as an operator's pods. */
public final class OrdinaryRole implements AutoCloseable {
  private static final String TIMELINE =
      "execute on function pg_walfile_name(pg_lsn), pg_current_wal_lsn()";

  private final Database owner;
  private final String name;

  public OrdinaryRole(Database owner) {
    this.owner = owner;
    this.name = "ordinary_" + owner.jdbcUrl().replaceAll(".*/(\\w+).*", "$1");
    owner.sql().execute("create role " + name + " login");
    owner.sql().execute("grant all on all tables in schema public to " + name);
    owner.sql().execute("grant all on all sequences in schema public to " + name);
  }

  public String name() {
    return name;
  }

  /** The same database, with this log-in. */
  public Database database() {
    return new Database(owner.jdbcUrl(), name, "any");
  }

  /** As some managed servers do. */
  public void refuseTimeline() {
    owner.sql().execute("revoke " + TIMELINE + " from public");
  }

  public void allowTimeline() {
    owner.sql().execute("grant " + TIMELINE + " to public");
  }

  @Override
  public void close() {
    owner.sql().execute("drop owned by " + name + " cascade");
    owner.sql().execute("drop role " + name);
  }
}
