package org.psidgateway.invalidation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** The real reader of a given database, without a container. */
public final class Readers {
  private Readers() {}

  /** A look for news. */
  public interface Round {
    void read() throws SQLException;
  }

  /** With nobody who listens. */
  public static Round on(DataSource dataSource) {
    Reader reader =
        new Reader(
            new InvalidationTable(dataSource),
            List.of(),
            new InvalidationMetrics(new SimpleMeterRegistry()));
    return reader::read;
  }
}
