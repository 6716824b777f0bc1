package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.db.RoundTrip;

/** What an operator says of the window and of suspicions. */
final class Seal {
  private Seal() {}

  /** For good; the first time counts. */
  static int window(Connection connection) throws SQLException {
    RoundTrip.opening()
        .update("update budget set sealed_at = coalesce(sealed_at, ledger_now())")
        .commit()
        .run(connection);
    return 1;
  }

  /** The next call may put a suspicion to the test. */
  static int trust(Connection connection) throws SQLException {
    List<Standings.Now> read = new ArrayList<>(1);
    RoundTrip locked = RoundTrip.opening();
    Reserve.lockBudget(locked);
    Standings.all(locked, read::add);
    locked.run(connection);
    RoundTrip changed = RoundTrip.further();
    for (Standing standing : read.get(0).byScope().values()) {
      if (standing.suspicion != null) {
        standing.trust();
        Standings.save(changed, standing);
      }
    }
    changed.commit().run(connection);
    return 1;
  }
}
