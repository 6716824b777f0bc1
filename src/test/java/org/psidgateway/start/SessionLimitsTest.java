package org.psidgateway.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Backing;

class SessionLimitsTest {
  private final Backing.Database database = Backing.freshDatabase();

  @Test
  void nothingIsMissed_ofConnectionsAsTheyAreConfigured() throws SQLException {
    assertThat(limits("").missed()).isEmpty();
  }

  @Test
  void limitsAreMissed_whenTheUrlHasOptionsOfItsOwn() throws SQLException {
    assertThat(limits("&options=-c%20lock_timeout=1s%20-c%20statement_timeout=1min").missed())
        .isEqualTo(Map.of("statement_timeout", "5s", "idle_in_transaction_session_timeout", "3s"));
  }

  private SessionLimits limits(String more) {
    return new SessionLimits(
        PoolProperties.pool(database, database.jdbcUrl() + "?sslmode=disable" + more));
  }
}
