package org.psidgateway.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.limits.LimitSettings;
import org.psidgateway.limits.Limits;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Tariffs;

/** What the meters show of the books. */
class BookkeeperTest {
  private final Database database = Backing.freshDatabase();
  private final FaultyProxy link = new FaultyProxy(database.port());
  private final ShiftedClock clock = new ShiftedClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Bookkeeper bookkeeper = bookkeeper();

  @AfterEach
  void stop() {
    link.close();
  }

  @Test
  void meters_showNothing_untilTheFirstLook() {
    assertThat(gauge("gateway.pace.used")).isNaN();

    bookkeeper.look();

    assertThat(gauge("gateway.pace.used")).isZero();
    assertThat(gauge("gateway.quota.floor")).isEqualTo(250_000);
    assertThat(gauge("gateway.postgres.reachable")).isEqualTo(1);
  }

  @Test
  void meters_keepTheLastFigures_andSayUnreachable_whilePostgresIsAway() {
    bookkeeper.look();

    link.cut();
    bookkeeper.look();
    assertThat(gauge("gateway.quota.floor")).isEqualTo(250_000);
    assertThat(gauge("gateway.postgres.reachable")).isZero();

    link.heal();
    bookkeeper.look();
    assertThat(gauge("gateway.postgres.reachable")).isEqualTo(1);
  }

  @Test
  void meters_sayReachable_whenPostgresAnswersButRefuses() throws SQLException {
    bookkeeper.look();
    try (Connection connection = database.dataSource().getConnection()) {
      connection.createStatement().execute("alter table budget rename to misplaced");
    }

    bookkeeper.look();

    assertThat(gauge("gateway.postgres.reachable")).isEqualTo(1);
  }

  private Bookkeeper bookkeeper() {
    Limits limits = LimitSettings.unlimited().limits();
    Books books =
        Bookkeeping.on(database.through(link).dataSource(), limits, Tariffs.PER_BATCH, clock);
    return new Bookkeeper(books, limits, Tariffs.PER_BATCH, registry, clock);
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }
}
