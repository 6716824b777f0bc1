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

  /** The rest may follow. */
  static final long REST = 0;

  /** It may not, or there is no canary by now. */
  static final long NO_MORE = -1;

  /** Those that are left are being asked. */
  static final long WAIT = -2;

  private static final String FAILED = "canary_failed";

  private final Decisions decisions;

  Canary(Decisions decisions) {
    this.decisions = decisions;
  }

  /**
   * Judges it if its ids are decided: the migration then runs, or pauses.
   *
   * @return how many of its ids are still to be asked; or {@link #REST}, {@link #NO_MORE}, {@link
   *     #WAIT}
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
                    new Told(row.getLong(1), row.getLong(2), row.getLong(3), row.getBoolean(4));
              }
            },
            id.value())
        .run(connection);
    if (told[0] == null) {
      return NO_MORE;
    }
    return told[0].isDecided() ? judged(connection, id, told[0]) : told[0].left();
  }

  /**
   * @param missing answers until it can be judged
   * @param open ids of the list that are neither decided nor in calls
   */
  private record Told(long missing, long open, long underWay, boolean bad) {

    boolean isDecided() {
      return missing <= 0 || open == 0 && underWay == 0;
    }

    long left() {
      long left = Math.min(missing - underWay, open);
      return left > 0 ? left : WAIT;
    }
  }

  private static long judged(Connection connection, MigrationId id, Told told) throws SQLException {
    RoundTrip trip = RoundTrip.further().update(DONE, id.value());
    if (!told.bad) {
      Moves.move(trip, id, State.CANARY, State.RUNNING, null, Moves.GATEWAY);
    } else if (told.underWay > 0) {
      Moves.moveNext(trip, id, State.PAUSED, FAILED, Moves.GATEWAY);
    } else {
      Moves.move(trip, id, State.CANARY, State.PAUSED, FAILED, Moves.GATEWAY);
    }
    trip.run(connection);
    return told.bad ? NO_MORE : REST;
  }
}
