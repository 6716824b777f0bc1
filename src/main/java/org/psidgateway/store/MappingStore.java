package org.psidgateway.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.psidgateway.db.Outage;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.ops.OutageLog;

/**
 * Mappings in PostgreSQL, the only truth. Every method blocks; a list costs one round trip however
 * long it is. Thread-safe.
 *
 * <p>A mapping never yields to a negative and never changes; a negative yields to a mapping, and
 * after {@code gateway.negative.recheck-after} it is as if it were not there.
 */
@ApplicationScoped
public class MappingStore {
  /** Some look-ups may work while others fail, for as long as something is wrong. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final DataSource dataSource;
  private final MappingRepository mappings;
  private final MappingSql sql;
  private final StoreMeters meters;
  private final OutageLog outage =
      new OutageLog(
          MappingStore.class,
          "Look-ups in PostgreSQL fail; known ids are answered from the caches",
          "Look-ups in PostgreSQL work again",
          QUIET);

  MappingStore(
      DataSource dataSource,
      MappingRepository mappings,
      NegativeConfig negative,
      StoreMeters meters) {
    this.dataSource = dataSource;
    this.mappings = mappings;
    this.sql = new MappingSql(negative.recheckAfter());
    this.meters = meters;
  }

  /** What is known of {@code asids}, in no particular order. */
  public Findings lookUp(PageId page, long[] asids) throws SQLException {
    return asked(
        connection -> {
          List<Findings> found = new ArrayList<>(1);
          RoundTrip trip = RoundTrip.plain();
          sql.lookUp(trip, page, asids, found::add);
          trip.run(connection);
          return found.get(0);
        });
  }

  /** As {@link #lookUp(PageId, long[])}, in a round trip of the caller's. */
  public void lookUp(RoundTrip trip, PageId page, long[] asids, Consumer<Findings> into) {
    sql.lookUp(trip, page, asids, into);
  }

  /** Those of {@code candidates} that some person of this Page is known by, as a PSID. */
  public long[] knownPsids(PageId page, long[] candidates) throws SQLException {
    return asked(connection -> sql.knownPsids(connection, page, candidates));
  }

  /** One id; an expired negative is not known. */
  public Optional<Mapping> find(PageId page, long asid) throws SQLException {
    return asked(connection -> sql.find(connection, page, asid));
  }

  /** Every mapping of this Page that leads to {@code psid}, by ascending ASID. */
  public List<Mapping> findByPsid(PageId page, long psid) throws SQLException {
    return timed(
        () ->
            mappings.findByPsid(page.value(), psid).stream()
                .map(row -> mapping(page, row))
                .toList());
  }

  private static Mapping mapping(PageId page, MappingRow row) {
    Instant at = MappingSql.toTheSecond(row.resolvedAt);
    return new Mapping(page, row.asid, row.psid, Source.STORE, at, at);
  }

  /**
   * Writes answers in a round trip of the caller's transaction: rows are locked by ascending ASID.
   * What is already stored wins, see the class comment.
   *
   * @param writtenAt told the time that the rows have, in microseconds since the epoch
   */
  public void write(
      RoundTrip trip, PageId page, long[] asids, long[] verdicts, LongConsumer writtenAt) {
    sql.write(trip, page, asids, verdicts, writtenAt);
  }

  private interface Reading<T> {
    T read() throws SQLException;
  }

  private interface Query<T> {
    T on(Connection connection) throws SQLException;
  }

  private <T> T asked(Query<T> query) throws SQLException {
    return timed(
        () -> {
          try (Connection connection = dataSource.getConnection()) {
            return query.on(connection);
          }
        });
  }

  private <T> T timed(Reading<T> reading) throws SQLException {
    long start = System.nanoTime();
    boolean succeeded = false;
    try {
      T found = reading.read();
      succeeded = true;
      outage.recovered();
      return found;
    } catch (SQLException | RuntimeException e) {
      outage.failed(Outage.describe(e));
      throw e;
    } finally {
      meters.lookedUp(succeeded, start);
    }
  }
}
