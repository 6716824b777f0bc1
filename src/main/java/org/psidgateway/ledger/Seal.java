package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** What an operator says of the window and of suspicions. */
final class Seal {
  private Seal() {}

  /** For good; the first time counts. */
  static int window(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(
          "update budget set sealed_at = coalesce(sealed_at, ledger_now())");
    }
  }

  /** The next call may put a suspicion to the test. */
  static int trust(Connection connection) throws SQLException {
    Reserve.lockBudget(connection);
    for (Standing standing : Standings.all(connection).byScope().values()) {
      if (standing.suspicion != null) {
        standing.trust();
        Standings.save(connection, standing);
      }
    }
    return 1;
  }
}
