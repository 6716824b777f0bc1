package org.psidgateway.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.time.Ticker;

/** The real store on a given database, without a container. */
public final class Stores {
  private Stores() {}

  public static MappingStore on(DataSource dataSource) {
    return on(dataSource, UpstreamKind.PAGES_ID_MAPPING);
  }

  public static MappingStore on(DataSource dataSource, UpstreamKind upstream) {
    return new MappingStore(
        new Transactions(dataSource),
        () -> Duration.ofDays(30),
        upstream,
        new StoreMeters(new SimpleMeterRegistry()),
        Ticker.system());
  }

  public static PageView view(DataSource dataSource) {
    return new PageView(
        new Transactions(dataSource), on(dataSource), UpstreamKind.PAGES_ID_MAPPING);
  }

  public static Findings lookUp(MappingStore store, PageId page, long... asids)
      throws SQLException {
    return store.lookUp(page, asids);
  }

  public static Optional<Mapping> find(MappingStore store, PageId page, long asid)
      throws SQLException {
    return store.find(page, asid);
  }
}
