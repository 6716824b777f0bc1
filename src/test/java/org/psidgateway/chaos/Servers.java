package org.psidgateway.chaos;

import org.psidgateway.testing.PostgresBinaries;

/**
 * A PostgreSQL and a Redis to be ill-treated. They take seconds to start: one of each for all tests
 * of a class.
 */
final class Servers implements AutoCloseable {
  private final ChaosPostgres postgres;
  private final ChaosRedis redis = new ChaosRedis();

  Servers(PostgresBinaries binaries) {
    postgres = new ChaosPostgres(binaries);
  }

  /** A database and an upstream that nobody else has. */
  Services services() {
    return Services.of(postgres, redis);
  }

  @Override
  public void close() {
    redis.close();
    postgres.close();
  }
}
