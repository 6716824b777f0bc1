package org.psidgateway.invalidation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.psidgateway.db.Transactions;

/** The real reader of a given database, without a container. */
public final class ChangeReaders {
  private ChangeReaders() {}

  /** One read of the changes. */
  public interface Round {
    void read() throws SQLException;
  }

  /** Without listeners. */
  public static Round on(DataSource dataSource) {
    ChangeReader reader =
        new ChangeReader(
            new InvalidationTable(new Transactions(dataSource)),
            List.of(),
            new InvalidationMeters(new SimpleMeterRegistry()));
    return reader::read;
  }
}
