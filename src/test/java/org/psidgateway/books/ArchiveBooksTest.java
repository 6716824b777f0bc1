package org.psidgateway.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.psidgateway.books.WindowReport.State;
import org.psidgateway.limits.LimitSettings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.LogLines;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;
import org.psidgateway.testing.Tariffs;

/** What an archive says of quota, window and limits, with a history of its own. */
class ArchiveBooksTest {
  private final Backing.Database database = Backing.freshDatabase();
  private final Sql sql = new Sql(database.dataSource());
  private final ShiftedClock clock = new ShiftedClock();
  private final LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);

  private Books books(LimitSettings limits, Tariff tariff) {
    return Bookkeeping.on(database.dataSource(), limits.limits(tariff), tariff, clock);
  }

  private Bookkeeper bookkeeper(Books books, SimpleMeterRegistry registry) {
    return new Bookkeeper(
        books, LimitSettings.unlimited().limits(Tariff.ARCHIVE), Tariff.ARCHIVE, registry, clock);
  }

  private Books archive() {
    return books(LimitSettings.unlimited(), Tariff.ARCHIVE);
  }

  @Test
  void window_isSealed_withoutDates_whenNoneIsKnown() {
    assertThat(archive().window())
        .isEqualTo(new WindowReport(State.SEALED, null, null, null, false))
        .isEqualTo(archive().recallWindow());
  }

  @Test
  void window_keepsTheDateOnWhichItClosed_butNoneThatIsStillToCome() {
    LimitSettings past = LimitSettings.unlimited().withClosedOn(today.minusDays(3));
    LimitSettings future = LimitSettings.unlimited().withClosedOn(today.plusDays(3));

    assertThat(books(past, Tariff.ARCHIVE).window())
        .isEqualTo(
            new WindowReport(
                State.SEALED,
                null,
                today.minusDays(3).atStartOfDay(ZoneOffset.UTC).toInstant(),
                0L,
                false));
    assertThat(books(future, Tariff.ARCHIVE).window())
        .isEqualTo(new WindowReport(State.SEALED, null, null, null, false));
  }

  @Test
  void seal_isNotedAlsoHere_andBindsAnUpstreamThatReturns() throws SQLException {
    WindowReport sealed = archive().seal();
    assertThat(sealed.state()).isEqualTo(State.SEALED);
    assertThat(sealed.closesAt()).isNotNull();

    clock.advance(Duration.ofDays(1));
    assertThat(archive().seal()).as("the first time counts").isEqualTo(sealed);
    assertThat(books(LimitSettings.unlimited(), Tariffs.PER_BATCH).window()).isEqualTo(sealed);
  }

  @Test
  void whatAnUpstreamSaidOnce_holdsNothingBack_andIsNotLogged() throws SQLException {
    sql.execute(
        "update budget set committed = 10, held = 1, uncertain = 2",
        """
        update standing set strikes = 3, cooldown_until = now() + interval '1 hour', usage = 90,
               usage_at = now(), suspicion = 'app_secret_rejected',
               suspected_until = now() + interval '1 hour'
         where page_id = 0
        """);
    assertThat(books(LimitSettings.unlimited(), Tariffs.PER_BATCH).limits().unproven())
        .as("what the rows say")
        .isTrue();

    Books archive = archive();
    LimitsReport.Figures figures = archive.limits().page(new PageId(100));
    assertThat(figures).isEqualTo(new LimitsReport.Figures(null, null, null));
    assertThat(archive.quota()).isEqualTo(new QuotaReport(null, 10, 1, 2, null, null, false));

    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Bookkeeper bookkeeper = bookkeeper(archive, registry);
    try (LogLines log = LogLines.of(LimitsLog.class, Bookkeeper.class)) {
      bookkeeper.look();
      assertThat(log.seen()).isEmpty();
    }
    assertThat(registry.get("gateway.cooldown").gauge().value()).isZero();
    assertThat(registry.get("gateway.pace.used").gauge().value()).isZero();
    assertThat(registry.get("gateway.window.remaining").gauge().value()).isNaN();
    assertThat(registry.get("gateway.postgres.reachable").gauge().value()).isOne();
    for (String what : List.of("upstream_quota", "window_closed", "app_secret")) {
      assertThat(registry.get("gateway.upstream.suspected").tag("what", what).gauge().value())
          .as(what)
          .isZero();
    }
    assertThat(registry.get("gateway.quota").tag("state", "remaining").gauge().value()).isNaN();
  }

  @Test
  void start_saysSo_withoutAWarning() throws SQLException {
    sql.execute("update budget set sealed_at = '2026-03-01T00:00:00Z'");
    assertThat(archive().window().closesAt()).isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
    Bookkeeper bookkeeper = bookkeeper(archive(), new SimpleMeterRegistry());
    try (LogLines log = LogLines.of(BooksReport.class)) {
      assertThat(new BooksReport(archive(), bookkeeper, Tariff.ARCHIVE).report())
          .isEqualTo("no quota, window sealed");
      assertThat(log.seen()).isEmpty();
    }
  }
}
