package org.psidgateway.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresWaitTest {
  private static final SQLException REFUSED =
      new SQLException("Connection to db:5432 refused.\nCheck something", "08001");

  private final AtomicInteger attempts = new AtomicInteger();

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
                wait(Duration.ofMillis(20))
                    .until(
                        () -> {
                          attempts.incrementAndGet();
                          throw REFUSED;
                        }))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "The gateway does not start: PostgreSQL is still away after PT0.02S, see"
                + " gateway.start.wait (SQL state 08001: Connection to db:5432 refused.)");
    assertThat(attempts).hasValueGreaterThan(1);
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

  private static PostgresWait wait(Duration longest) {
    return new PostgresWait(longest, Duration.ofMillis(5));
  }
}
