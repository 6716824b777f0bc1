package org.psidgateway.db.lease;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What one pod at a time does. A pod that loses the lease while frozen finds its fencing token
 * outdated in its next transaction, whose row lock keeps the lease from changing hands meanwhile.
 * Thread-safe.
 */
public final class Lease {
  /** For how long it is taken, or renewed. */
  public static final Duration TERM = Duration.ofSeconds(10);

  private static final String TAKE =
      """
      update lease set holder = ?, until = ledger_now() + make_interval(secs => ?),
             fence = case when holder = ? then fence else fence + 1 end
       where name = ? and (holder = ? or until < ledger_now()
             or until > ledger_now() + make_interval(secs => 2 * ?) or holder is null)
      returning fence
      """;

  private static final String LATEST =
      "select 1 from lease where name = ? and fence = ? and holder = ?";

  private static final String CHECK = LATEST + " for share";

  private static final String GIVE_UP =
      "update lease set until = 'epoch', holder = null where name = ? and holder = ?";

  private final String name;
  private final UUID holder = UUID.randomUUID();

  /** One of those in the table of leases, for this process. */
  public Lease(String name) {
    this.name = name;
  }

  /** Takes or renews the lease; its fencing token, or empty if another pod holds it. */
  public OptionalLong take(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
      statement.setObject(1, holder);
      statement.setDouble(2, TERM.toMillis() / 1e3);
      statement.setObject(3, holder);
      statement.setString(4, name);
      statement.setObject(5, holder);
      statement.setDouble(6, TERM.toMillis() / 1e3);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    }
  }

  /** Whether the token is the latest; if so, it stays the latest until the transaction ends. */
  public boolean holds(Connection connection, long fence) throws SQLException {
    return is(CHECK, connection, fence);
  }

  /**
   * Whether the token is the latest now. Enough for whoever has locked what the next holder has to
   * lock too; and many that hold the lease at once would keep its own renewal waiting.
   */
  public boolean isLatest(Connection connection, long fence) throws SQLException {
    return is(LATEST, connection, fence);
  }

  private boolean is(String check, Connection connection, long fence) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(check)) {
      statement.setString(1, name);
      statement.setLong(2, fence);
      statement.setObject(3, holder);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  /** Lets another pod take the lease at once. */
  public void giveUp(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(GIVE_UP)) {
      statement.setString(1, name);
      statement.setObject(2, holder);
      statement.executeUpdate();
    }
  }
}
