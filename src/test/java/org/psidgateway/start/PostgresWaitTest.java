package org.psidgateway.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.time.Ticker;

class PostgresWaitTest {
  private static final SQLException REFUSED =
      new SQLException("Connection to db:5432 refused.\nCheck something", "08001");

  private final AtomicInteger attempts = new AtomicInteger();

  /** Passes as it is waited for. */
  private final Ticker ticker =
      new Ticker() {
        private long now = Long.MAX_VALUE - 1; // wraps around

        @Override
        public long nanos() {
          return now;
        }

        @Override
        public Uni<Void> after(Duration delay) {
          return Uni.createFrom().voidItem().invoke(() -> now += delay.toNanos());
        }
      };

  @Test
  void until_triesAgain_whilePostgresqlIsAway() {
    wait(Duration.ofMinutes(1))
        .until(
            () -> {
              if (attempts.incrementAndGet() < 4) {
                throw REFUSED;
              }
            });
    assertThat(attempts).hasValue(4);
  }

  @Test
  void until_givesUp_withTheCauseOnOneLine_whenTheWaitIsOver() {
    assertThatThrownBy(
            () ->
                wait(Duration.ofMinutes(2))
                    .until(
                        () -> {
                          attempts.incrementAndGet();
                          throw REFUSED;
                        }))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "The gateway does not start: PostgreSQL is still unavailable after PT2M, see"
                + " gateway.start.wait (SQL state 08001: Connection to db:5432 refused.)");
    assertThat(attempts).hasValue(1 + 120); // one each second
  }

  @ParameterizedTest
  @ValueSource(strings = {"28P01", "28000", "3D000", "42501"})
  void until_doesNotWait_ifItIsNoOutage(String state) {
    assertThatThrownBy(
            () ->
                wait(Duration.ofMinutes(1))
                    .until(
                        () -> {
                          attempts.incrementAndGet();
                          throw new SQLException("FATAL: no", state);
                        }))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "The gateway does not start: PostgreSQL can't be used (SQL state "
                + state
                + ": FATAL: no)");
    assertThat(attempts).hasValue(1);
  }

  private PostgresWait wait(Duration longest) {
    return new PostgresWait(() -> longest, ticker);
  }
}
