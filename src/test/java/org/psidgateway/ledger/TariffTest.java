package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.PAGE;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.ids;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.books.Books;
import org.psidgateway.books.QuotaReport;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.ledger.Decision.Denied;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.model.Tariff;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;
import org.psidgateway.testing.Tariffs;

/** Calls of an upstream that counts ids instead of batches, and spends no quota, beside others. */
@Beside
class TariffTest {
  private static final Ledgers TEN_A_MINUTE =
      Ledgers.unlimited().withPace(10, Duration.ofMinutes(1), 10);

  private final ShiftedClock clock = new ShiftedClock();
  private DataSource dataSource;

  @BeforeEach
  void database() throws SQLException {
    dataSource = clock.over(Backing.freshDatabase().dataSource());
    try (Connection connection = dataSource.getConnection()) {
      connection
          .createStatement()
          .execute("insert into page (page_id, token_revision, token) values (100, 1, '')");
    }
  }

  @Test
  void callThatCountsIds_takesAsManyPlacesOfThePace() throws SQLException {
    Ledger ledger = TEN_A_MINUTE.on(dataSource);
    ledger.settle(Asks.answer(granted(ledger.reserve(perId(1, 2, 3, 4, 5, 6)))));

    Decision five = ledger.reserve(perId(11, 12, 13, 14, 15));
    Decision four = ledger.reserve(perId(11, 12, 13, 14));

    assertThat(five).isInstanceOf(Wait.class);
    assertThat(granted(four).asids()).hasSize(4);
    assertThat(ledger.reserve(perId(21))).isInstanceOf(Wait.class);
    clock.advance(Duration.ofSeconds(70));
    assertThat(granted(ledger.reserve(perId(ids(31, 40)))).asids()).hasSize(10);
  }

  @Test
  void batchOfTheOther_isOneCall_howeverManyIdsItCarries() throws SQLException {
    Ledger ledger = TEN_A_MINUTE.on(dataSource);
    for (int call = 0; call < 10; call++) {
      ledger.settle(
          Asks.answer(granted(ledger.reserve(Asks.request(ids(call * 10 + 1, call * 10 + 10))))));
    }

    assertThat(ledger.reserve(Asks.request(200))).isInstanceOf(Wait.class);
  }

  @Test
  void quota_isNeitherHeldNorSpentNorMissed() throws SQLException {
    Ledgers two = Ledgers.unlimited().withCeiling(2);
    Ledger ledger = two.on(dataSource);
    Books books = two.books(dataSource, clock);

    Decision.Granted first = granted(ledger.reserve(perId(1, 2, 3)));
    assertThat(books.quota().held()).isZero();
    ledger.settle(Asks.answer(first));
    ledger.settle(Settlement.uncertain(granted(ledger.reserve(perId(11, 12))).call(), "timeout"));

    assertNothingSpent(books.quota());
    assertThat(granted(ledger.reserve(Asks.request(21, 22))).asids()).hasSize(2);
    assertThat(ledger.reserve(Asks.request(31))).isNotInstanceOf(Decision.Granted.class);
    assertThat(ledger.reserve(perId(31))).isInstanceOf(Decision.Granted.class);
  }

  @Test
  void figureOfTheUpstream_leavesSuchCallsOut() throws SQLException {
    Ledger ledger = Ledgers.unlimited().on(dataSource);
    Books books = Ledgers.unlimited().books(dataSource, clock);
    Instant before = clock.instant();
    clock.advance(Duration.ofSeconds(1));
    ledger.settle(Asks.answer(granted(ledger.reserve(perId(1, 2, 3)))));
    ledger.settle(Asks.answer(granted(ledger.reserve(Asks.request(11, 12)))));

    books.reconcile(100, before, "as the dashboard says", "ops");

    assertThat(books.quota().committed()).isEqualTo(102);
  }

  @Test
  void callThatTheDatabaseForgot_spendsNoneEither() throws SQLException {
    Ledger ledger = Ledgers.unlimited().on(dataSource);
    Books books = Ledgers.unlimited().books(dataSource, clock);

    ledger.settle(
        Settlement.uncertain(
            new Call(
                UUID.randomUUID(),
                PAGE,
                Lane.INTERACTIVE,
                ids(1, 3),
                OneCaller.of(ids(1, 3)),
                Tariffs.PER_ID),
            "timeout"));

    assertNothingSpent(books.quota());
  }

  @Test
  void closedWindow_concernsTheOtherAlone() throws SQLException {
    LocalDate yesterday = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(1);
    Ledger closed = Ledgers.unlimited().withClosedOn(yesterday).on(dataSource);

    assertThat(closed.reserve(Asks.request(1))).isInstanceOf(Denied.class);
    assertThat(closed.reserve(perId(1))).isInstanceOf(Decision.Granted.class);
  }

  @Test
  void archive_grantsNothing_andClaimsNothing() throws SQLException {
    Ledger archive = Ledgers.unlimited().withTariff(Tariff.ARCHIVE).on(dataSource);

    Decision decision = archive.reserve(request(Tariff.ARCHIVE, 1));

    assertThat(((Denied) decision).why()).isEqualTo(Fate.WINDOW_CLOSED);
    Sql sql = new Sql(dataSource);
    assertThat(sql.number("select (select count(*) from claim) + (select count(*) from call)"))
        .isZero();
  }

  private static void assertNothingSpent(QuotaReport quota) {
    assertThat(quota.committed()).isZero();
    assertThat(quota.held()).isZero();
    assertThat(quota.uncertain()).isZero();
  }

  private static Ledger.Request perId(long... asids) {
    return request(Tariffs.PER_ID, asids);
  }

  private static Ledger.Request request(Tariff tariff, long... asids) {
    return new Ledger.Request(
        UUID.randomUUID(),
        PAGE,
        Lane.INTERACTIVE,
        asids,
        OneCaller.of(asids),
        Map.of(PAGE, asids),
        Set.of(),
        tariff,
        false,
        false,
        Duration.ofSeconds(10));
  }
}
