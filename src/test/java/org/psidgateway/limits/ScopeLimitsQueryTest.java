package org.psidgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.testing.Backing;

/** What the database finds for the bounding arrival, beside the definition written out. */
class ScopeLimitsQueryTest {
  private static final DataSource DATABASE = Backing.freshDatabase().dataSource();
  private static final Pace PACE = new Pace(40, 60_000_000, 3, 1);
  private static final long PAGE = 100;

  private record Arrival(long page, int cost, boolean paced, long arrivesBy) {}

  @RepeatedTest(20)
  void boundingArrival_isTheLatestBehindWhichThereIsTooMuch(RepetitionInfo repetition)
      throws SQLException {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Arrival> calls = calls(random);
    int cost = 1 + random.nextInt(5);
    try (Connection connection = DATABASE.getConnection()) {
      insert(connection, calls);
      ScopeLimits app = read(connection, LimitState.APP, cost);
      ScopeLimits own = read(connection, PAGE, cost);

      assertThat(app.bounding()).isEqualTo(bounding(calls, LimitState.APP, PACE.calls() - cost));
      assertThat(app.boundingBackground())
          .isEqualTo(bounding(calls, LimitState.APP, PACE.backgroundCalls() - cost));
      assertThat(own.bounding()).isEqualTo(bounding(calls, PAGE, PACE.calls() - cost));
      assertThat(own.boundingBackground())
          .isEqualTo(bounding(calls, PAGE, PACE.backgroundCalls() - cost));
    }
  }

  private static long bounding(List<Arrival> calls, long page, int most) {
    long sum = 0;
    for (Arrival call :
        calls.stream()
            .filter(c -> c.paced && (page == LimitState.APP || c.page == page))
            .sorted(Comparator.comparingLong(Arrival::arrivesBy).reversed())
            .toList()) {
      sum += call.cost;
      if (sum > most) {
        return call.arrivesBy;
      }
    }
    return Long.MIN_VALUE;
  }

  private static List<Arrival> calls(Random random) {
    List<Arrival> calls = new ArrayList<>();
    for (int i = random.nextInt(150); i > 0; i--) {
      calls.add(
          new Arrival(
              random.nextBoolean() ? PAGE : 200,
              1 + random.nextInt(4),
              random.nextInt(5) > 0,
              1_700_000_000_000_000L + random.nextInt(60)));
    }
    return calls;
  }

  private static ScopeLimits read(Connection connection, long scope, int cost) throws SQLException {
    List<ScopeLimits> read = new ArrayList<>();
    RoundTrip trip = RoundTrip.plain();
    new ScopeLimitsQuery(scope, PACE).add(trip, cost, read::add);
    trip.run(connection);
    return read.get(0);
  }

  private static void insert(Connection connection, List<Arrival> calls) throws SQLException {
    try (Statement statement = connection.createStatement();
        PreparedStatement insert =
            connection.prepareStatement(
                """
                insert into call (call_id, page_id, lane, state, grant_no, paced, asked, cost,
                                  granted_at, arrives_by, expires_at)
                values (?, ?, 'INTERACTIVE', 'settled', ?, ?, 1, ?, at_micros(?), at_micros(?), now())
                """)) {
      statement.execute("truncate call");
      for (int i = 0; i < calls.size(); i++) {
        Arrival call = calls.get(i);
        insert.setObject(1, UUID.randomUUID());
        insert.setLong(2, call.page);
        insert.setLong(3, i);
        insert.setBoolean(4, call.paced);
        insert.setInt(5, call.cost);
        insert.setLong(6, call.arrivesBy);
        insert.setLong(7, call.arrivesBy);
        insert.executeUpdate();
      }
    }
  }
}
