package org.psidgateway.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.psidgateway.testing.Backing;

/** The connections of the pool are the running gateway's. */
@QuarkusTest
class SessionLimitsTest {
  @Inject SessionLimits ofThePool;

  @Test
  void nothingIsMissed_ofThePoolAsItIsConfigured() throws SQLException {
    assertThat(ofThePool.missed()).isEmpty();
  }

  @Test
  void limitsAreMissed_whenTheyAreAbsentOrLonger() throws SQLException {
    PGSimpleDataSource url = (PGSimpleDataSource) Backing.freshDatabase().dataSource();
    url.setOptions("-c lock_timeout=1s -c statement_timeout=1min");

    assertThat(new SessionLimits(url).missed())
        .isEqualTo(Map.of("statement_timeout", "5s", "idle_in_transaction_session_timeout", "3s"));
  }
}
