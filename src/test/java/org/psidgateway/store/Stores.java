package org.psidgateway.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import javax.sql.DataSource;

/** The real store on a given database, without a container. */
public final class Stores {
  private Stores() {}

  public static MappingStore on(DataSource dataSource) {
    return new MappingStore(
        dataSource,
        new MappingRepository(),
        () -> Duration.ofDays(30),
        new StoreMeters(new SimpleMeterRegistry()));
  }
}
