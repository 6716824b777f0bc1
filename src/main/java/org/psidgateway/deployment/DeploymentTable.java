package org.psidgateway.deployment;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The table {@code deployment}. Every method blocks for one round trip. */
final class DeploymentTable {
  // Anybody may call pg_control_system(), unless that was revoked.
  private static final String READ =
      """
      select c.system_identifier, d.oid::bigint, o.app_id, o.id,
             o.system_id = c.system_identifier and o.database_oid = d.oid::bigint
        from pg_control_system() c
        join pg_database d on d.datname = current_database()
        left join deployment o on true
      """;

  private static final String INSERT =
      """
      insert into deployment (app_id, id, system_id, database_oid) values (?, ?, ?, ?)
      on conflict do nothing
      """;

  private static final String REPLACE =
      """
      update deployment set id = ?, system_id = ?, database_oid = ?, drawn_at = ledger_now()
       where system_id <> ? or database_oid <> ?
      """;

  private DeploymentTable() {}

  /** A database, as its server knows it. */
  record Place(long systemId, long databaseOid) {}

  /**
   * @param appId null if no gateway has started here yet
   * @param original whether the id was drawn in this very database
   */
  record Row(Place place, @Nullable String appId, @Nullable String id, boolean original) {}

  static Row read(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new Row(
          new Place(row.getLong(1), row.getLong(2)),
          row.getString(3),
          row.getString(4),
          row.getBoolean(5));
    }
  }

  /** Does nothing if another start came first. */
  static void insert(Connection connection, String appId, String id, Place place)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setString(1, appId);
      statement.setString(2, id);
      statement.setLong(3, place.systemId());
      statement.setLong(4, place.databaseOid());
      statement.executeUpdate();
    }
  }

  /** Does nothing if another pod came first. */
  static void replace(Connection connection, String id, Place place) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(REPLACE)) {
      statement.setString(1, id);
      statement.setLong(2, place.systemId());
      statement.setLong(3, place.databaseOid());
      statement.setLong(4, place.systemId());
      statement.setLong(5, place.databaseOid());
      statement.executeUpdate();
    }
  }
}
