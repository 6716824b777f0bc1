package org.psidgateway.books;

import java.time.InstantSource;
import javax.sql.DataSource;
import org.psidgateway.db.Transactions;
import org.psidgateway.limits.Limits;
import org.psidgateway.model.Tariff;

/** Real books on a given database, without a container. */
public final class Bookkeeping {
  private Bookkeeping() {}

  public static Books on(DataSource dataSource, Limits limits, Tariff tariff, InstantSource clock) {
    return new Books(new Transactions(dataSource), limits, tariff, clock);
  }

  /** What sealing ends with, if the upstream has no window. */
  public static RuntimeException noWindow() {
    return new Books.NoWindow();
  }
}
