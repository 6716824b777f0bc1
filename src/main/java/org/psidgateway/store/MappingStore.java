package org.psidgateway.store;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.psidgateway.db.Outage;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.ops.OutageLog;
import org.psidgateway.time.Ticker;

/**
 * Mappings in PostgreSQL, the only truth. Every method blocks; a list costs one round trip however
 * long it is. Callers that must not block look up by {@link Lookups}. Thread-safe.
 *
 * <p>A mapping never yields to a negative and never changes; a negative yields to a mapping, and
 * after {@code gateway.negative.recheck-after} it is as if it were not there. In an archive, where
 * nobody could say otherwise any more, it stands for good, whichever upstream it came from.
 */
@Singleton
public class MappingStore {
  /** A thousand years, by which sums do not overflow. */
  private static final Duration FOR_GOOD = Duration.ofDays(365_000);

  private final Transactions transactions;
  private final Duration recheckAfter;
  private final MappingSql sql;
  private final MappingWriteSql writes;
  private final StoreMeters meters;
  private final Ticker ticker;
  private final OutageLog refused =
      new OutageLog(
          MappingStore.class,
          "PostgreSQL rejects look-ups; known ids are answered from the caches",
          "Look-ups in PostgreSQL work again");

  MappingStore(
      Transactions transactions,
      NegativeConfig negative,
      UpstreamKind upstream,
      StoreMeters meters,
      Ticker ticker) {
    this.transactions = transactions;
    this.recheckAfter = upstream == UpstreamKind.NONE ? FOR_GOOD : negative.recheckAfter();
    this.sql = new MappingSql(recheckAfter, upstream);
    this.writes = new MappingWriteSql(upstream);
    this.meters = meters;
    this.ticker = ticker;
  }

  /** How long a negative stands before it may be asked again. */
  public Duration recheckAfter() {
    return recheckAfter;
  }

  /** What is known of {@code asids}, in no particular order. */
  Findings lookUp(PageId page, long[] asids) throws SQLException {
    return ask(
        connection -> {
          List<Findings> found = new ArrayList<>(1);
          RoundTrip trip = RoundTrip.plain();
          sql.lookUp(trip, page, asids, found::add);
          trip.run(connection);
          return found.get(0);
        });
  }

  /**
   * What is known of these ids of several Pages, in a round trip of the caller's.
   *
   * @param into gets the Pages of which something is known
   */
  public void lookUp(RoundTrip trip, Map<PageId, long[]> asids, Consumer<PageFindings> into) {
    asids.forEach(
        (page, ids) ->
            sql.lookUp(
                trip,
                page,
                ids,
                found -> {
                  if (found.size() > 0) {
                    into.accept(new PageFindings(page, found));
                  }
                }));
  }

  /** Which of {@code candidates} are PSIDs of this Page. */
  long[] knownPsids(PageId page, long[] candidates) throws SQLException {
    return ask(connection -> MappingSql.knownPsids(connection, page, candidates));
  }

  /** One id; an expired negative is not known. */
  Optional<Mapping> find(PageId page, long asid) throws SQLException {
    return ask(connection -> sql.find(connection, page, asid));
  }

  /** Every mapping of this Page that leads to {@code psid}, by ascending ASID. */
  List<Mapping> findByPsid(PageId page, long psid) throws SQLException {
    return ask(connection -> MappingSql.findByPsid(connection, page, psid));
  }

  /** How answers were written. */
  @FunctionalInterface
  public interface Written {
    /**
     * @param at the time that the rows have, in microseconds since the epoch
     * @param all whether all of them are stored as they were given, for certain; else {@link
     *     MappingStore#otherwise} tells
     */
    void written(long at, boolean all);
  }

  /**
   * Writes answers in a round trip of the caller's transaction: rows are locked by ascending ASID.
   * What is already stored wins, see the class comment.
   */
  public void write(RoundTrip trip, PageId page, Findings findings, Written into) {
    writes.write(trip, page, findings, into);
  }

  /** The stored mappings of these ids that say otherwise. */
  public void otherwise(RoundTrip trip, PageId page, Findings findings, Consumer<Findings> into) {
    writes.otherwise(trip, page, findings, into);
  }

  /**
   * The same for what an upstream said of ids that nobody asked about. Every pod hears of negatives
   * that it may hold and that stand no longer.
   *
   * @param contradicted run for each stored mapping that differs: it stays
   */
  public void writeUnasked(RoundTrip trip, PageId page, Findings findings, Runnable contradicted) {
    writes.writeUnasked(trip, page, findings, contradicted);
  }

  private <T> T ask(Transactions.Work<T> query) throws SQLException {
    long begun = ticker.nanos();
    boolean succeeded = false;
    try {
      T found = transactions.plain(query);
      succeeded = true;
      refused.recovered();
      return found;
    } catch (SQLException | RuntimeException e) {
      if (!Outage.is(e)) {
        refused.failed(Outage.describe(e));
      }
      throw e;
    } finally {
      meters.lookedUp(succeeded, ticker.nanos() - begun);
    }
  }
}
