package org.psidgateway.migration.work;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.forecast.Forecast;
import org.psidgateway.forecast.Forecasts;
import org.psidgateway.forecast.Work;
import org.psidgateway.migration.FirstState;
import org.psidgateway.migration.Moves;
import org.psidgateway.migration.State;
import org.psidgateway.model.Lane;

/**
 * What happens to a list that has come in whole: its ids are told apart and compared with what is
 * known, part by part, and then the migration waits for its confirmation or begins. Another owner
 * goes on where one has ended.
 */
final class Preparation {
  static final int ROWS_AT_ONCE = 20_000;
  private static final int LEAST_AT_ONCE = 100;

  /** SQL states of a statement or a lock that took too long. */
  private static final Set<String> TOO_SLOW = Set.of("57014", "55P03");

  private static final String STILL =
      "select 1 from migration where id = ? and state = 'uploading' and prepared_line = ?";

  private static final String PREPARED =
      """
      update migration
         set prepared_line = ?, distinct_ids = distinct_ids + ?, duplicates = duplicates + ?,
             already_known = already_known + ?, unmapped = unmapped + ?, invalid = invalid + ?,
             known_unmapped = known_unmapped + ?, known_invalid = known_invalid + ?, progress = progress + 1
       where id = ?
      """;

  private static final String OPEN =
      "select " + DecisionSql.OPEN + " from migration g where id = ? and state = 'uploading'";

  private static final String BILL =
      "update migration set to_convert = ?, planned_calls = ?, quota_remaining_after = ?::bigint where id = ?";

  private final Decisions decisions;
  private final Comparison comparison;
  private final Forecasts forecasts;
  private final FirstState firstState;
  private final WorkMeters meters;

  Preparation(
      Decisions decisions,
      Comparison comparison,
      Forecasts forecasts,
      FirstState firstState,
      WorkMeters meters) {
    this.decisions = decisions;
    this.comparison = comparison;
    this.forecasts = forecasts;
    this.firstState = firstState;
    this.meters = meters;
  }

  /** Blocks until the list is done, or the migration is no longer there to be prepared. */
  void run(Job job, long fence) throws SQLException {
    int most = ROWS_AT_ONCE;
    long line = job.preparedLine();
    boolean end = false;
    while (!end) {
      try {
        Comparison.Found found = part(job, fence, line, most);
        if (found.equals(Comparison.Found.NOTHING)) {
          return;
        }
        meters.compared(found.rows());
        line = Math.max(line, found.last());
        end = found.end();
        most = Math.min(ROWS_AT_ONCE, 2 * most);
      } catch (SQLException e) {
        most /= 2;
        if (most < LEAST_AT_ONCE || !TOO_SLOW.contains(String.valueOf(e.getSQLState()))) {
          throw e;
        }
      }
    }
    begin(job, fence);
  }

  private Comparison.Found part(Job job, long fence, long line, int most) throws SQLException {
    return decisions.locked(
        job.id(),
        fence,
        Comparison.Found.NOTHING,
        connection -> {
          boolean[] still = {false};
          RoundTrip.further()
              .query(STILL, row -> still[0] = row.next(), job.id().value(), line)
              .run(connection);
          return still[0] ? part(connection, job, line, most) : Comparison.Found.NOTHING;
        });
  }

  private Comparison.Found part(Connection connection, Job job, long line, int most)
      throws SQLException {
    Comparison.Found found = comparison.next(connection, job.listNo(), job.page(), line, most);
    RoundTrip.further()
        .update(
            PREPARED,
            Math.max(line, found.last()),
            found.distinct(),
            found.duplicates(),
            found.known(),
            found.unmapped(),
            found.invalid(),
            found.unmapped(),
            found.invalid(),
            job.id().value())
        .run(connection);
    return found;
  }

  private void begin(Job job, long fence) throws SQLException {
    long open = decisions.locked(job.id(), fence, -1L, connection -> open(connection, job));
    if (open < 0) {
      return;
    }
    Forecast bill = forecasts.of(new Work(job.page(), open, Lane.BACKGROUND, 1, 0));
    decisions.locked(
        job.id(),
        fence,
        false,
        connection -> {
          if (open(connection, job) >= 0) { // not cancelled meanwhile
            begin(connection, job, open, bill);
          }
          return true;
        });
  }

  private static long open(Connection connection, Job job) throws SQLException {
    long[] open = {-1};
    RoundTrip.further()
        .query(OPEN, row -> open[0] = row.next() ? row.getLong(1) : -1, job.id().value())
        .run(connection);
    return open[0];
  }

  private void begin(Connection connection, Job job, long open, Forecast bill) throws SQLException {
    RoundTrip trip = RoundTrip.further();
    trip.update(BILL, open, bill.calls(), bill.quotaRemainingAfter(), job.id().value());
    Moves.move(
        trip,
        job.id(),
        State.UPLOADING,
        firstState.of(open, job.confirm(), job.canaryIds()),
        null,
        Moves.GATEWAY);
    trip.run(connection);
  }
}
