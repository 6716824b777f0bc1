package org.psidgateway.migration.work;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.Moves;
import org.psidgateway.migration.State;

/**
 * Where a migration stands after a change of its counts, in a transaction that has locked it.
 *
 * @param next what it becomes once no call is under way; null if it goes on
 * @param underWay ids in calls
 * @param open ids that are neither decided nor in calls
 */
record Standing(State state, @Nullable State next, long underWay, long open) {

  /** A row of {@link DecisionSql#STANDING}; null if there is none. */
  static @Nullable Standing read(ResultSet row) throws SQLException {
    if (!row.next()) {
      return null;
    }
    int next = row.getInt(2);
    return new Standing(
        State.values()[row.getInt(1) - 1],
        next == 0 ? null : State.values()[next - 1],
        row.getLong(3),
        row.getLong(4));
  }

  /**
   * Adds the move that is due: whoever decides the last id completes the migration, and whoever
   * ends its last call makes the move that was asked for. So neither needs its owner.
   */
  void conclude(RoundTrip trip, MigrationId id) {
    if (underWay > 0) {
      return;
    }
    if (open == 0 && state.isWorking() && next != State.CANCELLED) {
      Moves.move(trip, id, state, State.COMPLETED, null, Moves.GATEWAY);
    } else if (next != null) {
      Moves.arrive(trip, id);
    }
  }
}
