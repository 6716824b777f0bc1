package org.psidgateway.api.mapping;

import jakarta.inject.Singleton;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** A request that may ask for nothing could only be refused. */
@Singleton
class ApiCheck implements StartupCheck {
  private static final int MOST_IDS = 1_000_000;

  private final ApiConfig config;

  ApiCheck(ApiConfig config) {
    this.config = config;
  }

  @Override
  public void check(Faults faults) {
    faults.between("gateway.resolve.max-ids", config.maxIds(), 1, MOST_IDS);
  }
}
