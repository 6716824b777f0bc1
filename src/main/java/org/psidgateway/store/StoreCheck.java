package org.psidgateway.store;

import jakarta.inject.Singleton;
import java.time.Duration;
import org.postgresql.Driver;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** What is erased must be gone from the replica when caches are emptied a minute later. */
@Singleton
class StoreCheck implements StartupCheck {
  private static final Duration LONGEST_LAG = Duration.ofSeconds(30);
  private static final Duration SHORTEST_RECHECK = Duration.ofSeconds(1);
  private static final Duration LONGEST_RECHECK = Duration.ofDays(3650);

  private final ReplicaConfig replica;
  private final NegativeConfig negative;

  StoreCheck(ReplicaConfig replica, NegativeConfig negative) {
    this.replica = replica;
    this.negative = negative;
  }

  @Override
  public void check(Faults faults) {
    if (replica.jdbcUrl().filter(url -> Driver.parseURL(url, null) == null).isPresent()) {
      // Not quoted: it may hold a password.
      faults.add(
          "gateway.store.replica.jdbc-url must be like jdbc:postgresql://host:5432/database");
    }
    faults.positive("gateway.store.replica.max-lag", replica.maxLag(), LONGEST_LAG);
    faults.between(
        "gateway.negative.recheck-after",
        negative.recheckAfter(),
        SHORTEST_RECHECK,
        LONGEST_RECHECK);
  }
}
