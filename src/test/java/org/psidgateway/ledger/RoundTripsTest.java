package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.request;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.OneConnection;
import org.psidgateway.testing.RoundTrips;

/**
 * Locks are held for as many round trips as a transaction takes, and PostgreSQL may be far away:
 * each is counted, on the wire, with statements that are prepared already.
 */
@Beside
class RoundTripsTest {
  private static final int RESERVE = 4;
  private static final int SETTLE = 3;

  /** Until the driver has prepared whatever it will. */
  private static final int WARM_UP = 8;

  private final RoundTrips trips = new RoundTrips();
  private FaultyProxy link;
  private OneConnection connection;
  private Ledger ledger;
  private long nextId = 1;

  @BeforeEach
  void start() throws SQLException {
    Backing.Database database = Backing.freshDatabase();
    try (Connection page = database.dataSource().getConnection();
        Statement statement = page.createStatement()) {
      statement.execute("insert into page (page_id, token_revision, token) values (100, 1, '')");
    }
    link = new FaultyProxy(database.port(), trips::tap);
    connection = new OneConnection(database.through(link).dataSource());
    DataSource dataSource = connection.dataSource();
    ledger =
        Ledgers.unlimited()
            .withPace(100_000, Duration.ofSeconds(10), 100_000)
            .withPagePace(100, 100_000, Duration.ofSeconds(10))
            .on(dataSource);
  }

  @AfterEach
  void stop() throws SQLException {
    connection.close();
    link.close();
  }

  @Test
  void reserve_takesFourRoundTrips_beyondTheLookBeforehand() throws SQLException {
    for (int i = 0; i < WARM_UP; i++) {
      ledger.settle(Asks.answer(reserve()));
    }
    trips.take();

    reserve();

    assertOneTransaction("reserve", trips.take(), RESERVE);
  }

  @Test
  void reserve_takesFourRoundTrips_alsoWhereSomeIdsAreKnown_orUnderWayElsewhere()
      throws SQLException {
    long[] known = ids();
    ledger.settle(Asks.answer(granted(ledger.reserve(request(known)))));
    long[] underWay = ids();
    granted(ledger.reserve(request(underWay)));
    for (int i = 0; i < WARM_UP; i++) {
      granted(ledger.reserve(request(among(known, underWay))));
    }
    trips.take();

    granted(ledger.reserve(request(among(known, underWay))));

    assertOneTransaction("reserve, some known", trips.take(), RESERVE);
  }

  @Test
  void settle_takesThreeRoundTrips_forAnAnswerThatReportsUsage() throws SQLException {
    assertSettled("settle, answered", grant -> Asks.answer(grant, new Usage(7, 9)));
  }

  @Test
  void settle_takesThreeRoundTrips_forAnAnswerWithNegatives() throws SQLException {
    assertSettled(
        "settle, with negatives",
        grant -> {
          long[] verdicts = LongStream.of(grant.asids()).map(id -> id + 1_000_000).toArray();
          verdicts[0] = Verdict.UNMAPPED;
          return Settlement.answered(
              grant.call(),
              Findings.of(grant.asids(), verdicts),
              verdicts.length - 1,
              new Usage(7, 9));
        });
  }

  @Test
  void settle_takesThreeRoundTrips_forACallThatNeverLeft() throws SQLException {
    assertSettled("settle, unsent", grant -> Settlement.unsent(grant.call(), "late"));
  }

  @Test
  void settle_takesThreeRoundTrips_forACallOfUnknownOutcome() throws SQLException {
    assertSettled("settle, uncertain", grant -> Settlement.uncertain(grant.call(), "timeout"));
  }

  private void assertSettled(String what, Function<Granted, Settlement> end) throws SQLException {
    for (int i = 0; i < WARM_UP; i++) {
      ledger.settle(end.apply(reserve()));
    }
    Granted granted = reserve();
    trips.take();

    ledger.settle(end.apply(granted));

    assertOneTransaction(what, trips.take(), SETTLE);
  }

  /** Nothing but looks comes before it, each of one round trip and without locks. */
  private static void assertOneTransaction(String what, List<Integer> taken, int most) {
    System.getLogger("round-trips").log(Level.INFO, what + ": " + taken);
    int last = taken.size() - 1;
    assertThat(taken.get(last)).as(what + " " + taken).isLessThanOrEqualTo(most);
    assertThat(taken.subList(0, last)).as(what + ": looks").hasSizeLessThanOrEqualTo(1);
  }

  private Granted reserve() throws SQLException {
    return granted(ledger.reserve(request(ids())));
  }

  private long[] among(long[] known, long[] underWay) {
    return LongStream.concat(
            LongStream.of(known[0], known[1], underWay[0], underWay[1]), LongStream.of(ids()))
        .toArray();
  }

  private long[] ids() {
    nextId += 5;
    return Asks.ids(nextId, nextId + 4);
  }
}
