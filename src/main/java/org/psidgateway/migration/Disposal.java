package org.psidgateway.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.psidgateway.db.Outage;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.migration.list.Lists;

/** How a migration goes that nobody needs any more. Methods block. Thread-safe. */
final class Disposal {
  private static final Logger LOG = Logger.getLogger(Disposal.class);

  private static final String LOCK = "select state, list_no from migration where id = ? for update";

  // From now on the list is anybody's to drop, should this process not come to it.
  private static final String GIVE_UP = "update list set until = ledger_now() where no = ?";

  private final Transactions transactions;
  private final Lists lists;

  Disposal(Transactions transactions, Lists lists) {
    this.transactions = transactions;
    this.lists = lists;
  }

  /** See {@link Migrations#delete}. */
  boolean dispose(MigrationId id) throws SQLException {
    List<Long> list =
        transactions.run(
            connection -> {
              List<Long> found = new ArrayList<>(1);
              RoundTrip.opening()
                  .query(
                      LOCK,
                      row -> {
                        if (row.next()) {
                          requireEnd(State.of(row.getString(1)));
                          found.add(row.getLong(2));
                        }
                      },
                      id.value())
                  .run(connection);
              for (long no : found) {
                RoundTrip.further()
                    .update("delete from migration_key where migration_id = ?", id.value())
                    .update("delete from migration_event where migration_id = ?", id.value())
                    .update("delete from migration where id = ?", id.value())
                    .update(GIVE_UP, no)
                    .run(connection);
              }
              return found;
            });
    for (long no : list) {
      drop(no);
    }
    return !list.isEmpty();
  }

  private static void requireEnd(State state) {
    if (!state.isEnd()) {
      throw new IllegalTransition(state, state.legal());
    }
  }

  private void drop(long no) {
    try {
      lists.drop(no);
    } catch (SQLException e) {
      LOG.debugf("The list of a deleted migration goes later (%s)", Outage.describe(e));
    }
  }
}
