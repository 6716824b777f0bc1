package org.psidgateway.store;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.ops.StartupCheck;

/** What is erased must be gone from the replica when caches are emptied a minute later. */
@Singleton
class ReplicaCheck implements StartupCheck {
  private static final Duration LONGEST_LAG = Duration.ofSeconds(30);

  private final ReplicaConfig config;

  ReplicaCheck(ReplicaConfig config) {
    this.config = config;
  }

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    config
        .jdbcUrl()
        .filter(url -> !url.startsWith("jdbc:postgresql:"))
        .ifPresent(url -> problems.add("gateway.store.replica.jdbc-url is not jdbc:postgresql:…"));
    Duration maxLag = config.maxLag();
    if (maxLag.isNegative() || maxLag.isZero() || maxLag.compareTo(LONGEST_LAG) > 0) {
      problems.add("gateway.store.replica.max-lag is not above 0 and at most PT30S");
    }
    return problems;
  }
}
