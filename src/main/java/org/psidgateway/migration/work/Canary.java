package org.psidgateway.migration.work;

import java.sql.Connection;
import java.sql.SQLException;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.Moves;
import org.psidgateway.migration.State;

/**
 * The first ids of a list are asked alone: if too many of them are invalid, the list may be wrong.
 */
final class Canary {
  private static final String TOLD =
      """
      select canary_ids - answered, open, under_way, invalid_answered > canary_max_invalid_ratio * answered
        from (select *, mapped + unmapped + invalid + failed - known_unmapped - known_invalid as answered,
                     invalid - known_invalid as invalid_answered, %s as open
                from migration g) m
       where id = ? and state = 'canary' and next_state is null
      """
          .formatted(DecisionSql.OPEN);

  private static final String DONE = "update migration set canary_done = true where id = ?";

  static final long NO_MORE = -1;

  private static final String FAILED = "canary_failed";

  private final Decisions decisions;

  Canary(Decisions decisions) {
    this.decisions = decisions;
  }

  /**
   * Judges it if its ids are decided: the migration then runs, or pauses.
   *
   * @return how many of its ids are still to be asked; 0 if the rest may follow; {@link #NO_MORE}
   *     if it may not, or there is no canary by now
   */
  long judge(MigrationId id, long fence) throws SQLException {
    return decisions.locked(id, fence, NO_MORE, connection -> judge(connection, id));
  }

  private static long judge(Connection connection, MigrationId id) throws SQLException {
    Told[] told = new Told[1];
    RoundTrip.further()
        .query(
            TOLD,
            row -> {
              if (row.next()) {
                told[0] =
                    new Told(
                        Math.min(row.getLong(1), row.getLong(2)),
                        row.getLong(3) > 0,
                        row.getBoolean(4));
              }
            },
            id.value())
        .run(connection);
    if (told[0] == null) {
      return NO_MORE;
    }
    return told[0].left > 0 ? told[0].left : judged(connection, id, told[0]);
  }

  private record Told(long left, boolean underWay, boolean bad) {}

  private static long judged(Connection connection, MigrationId id, Told told) throws SQLException {
    RoundTrip trip = RoundTrip.further().update(DONE, id.value());
    if (!told.bad) {
      Moves.move(trip, id, State.CANARY, State.RUNNING, null, Moves.GATEWAY);
    } else if (told.underWay) {
      Moves.moveNext(trip, id, State.PAUSED, FAILED, Moves.GATEWAY);
    } else {
      Moves.move(trip, id, State.CANARY, State.PAUSED, FAILED, Moves.GATEWAY);
    }
    trip.run(connection);
    return told.bad ? NO_MORE : 0;
  }
}
