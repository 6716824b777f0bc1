package org.psidgateway.store;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.Fate.Status;
import org.psidgateway.model.PageId;
import org.psidgateway.model.UpstreamKind;

/**
 * All that is known of a Page, piece by piece, by ascending ASID. Each piece is one short look that
 * leaves nothing open in PostgreSQL. Blocks. Thread-safe.
 *
 * <p>A view is as of a moment: pieces read at any later time are those of that moment, as long as
 * {@link #stands} says so. The moment has to be {@link #SETTLED} ago, since what was written before
 * it is committed then.
 */
@Singleton
public class PageView {
  /** Longer than transactions that write answers take, unless their commit hangs. */
  public static final Duration SETTLED = Duration.ofSeconds(10);

  /** For this long it is known whether a view still stands. */
  public static final Duration KEPT = Duration.ofHours(23);

  /** As of no moment in particular: whatever is there. The end of the year 9999. */
  public static final long NOW = 253_402_300_799_000_000L;

  private final Transactions transactions;
  private final ViewSql sql;

  PageView(Transactions transactions, MappingStore store, UpstreamKind upstream) {
    this.transactions = transactions;
    this.sql = new ViewSql(store.recheckAfter(), upstream);
  }

  /**
   * What is wanted of a Page.
   *
   * @param statuses of {@code MAPPED}, {@code UNMAPPED} and {@code INVALID}
   * @param since microseconds: nothing that was last checked earlier
   */
  public record Query(PageId page, Set<Status> statuses, long since) {
    boolean mapped() {
      return statuses.contains(Status.MAPPED);
    }

    boolean negative() {
      return statuses.contains(Status.UNMAPPED) || statuses.contains(Status.INVALID);
    }
  }

  /**
   * Rows by ascending ASID, in parallel arrays, the first {@code size} of each.
   *
   * @param verdicts see {@link org.psidgateway.model.Verdict}
   * @param resolvedAt microseconds, as {@code checkedAt}; both empty if times were not asked for
   * @param last every id up to here has been looked at: the next piece begins behind it
   * @param end whether there is no next piece
   */
  public record Piece(
      int size,
      long[] asids,
      long[] verdicts,
      long[] resolvedAt,
      long[] checkedAt,
      long last,
      boolean end) {}

  /** The latest moment of which a view can be had, in microseconds. */
  public long settledNow() throws SQLException {
    long[] now = new long[1];
    run(RoundTrip.plain(), trip -> sql.ago(trip, SETTLED, at -> now[0] = at));
    return now[0];
  }

  /**
   * Whether the view of then can still be had: no mapping was replaced or erased since, as far as
   * that is known.
   */
  public boolean stands(Query query, long asOf) throws SQLException {
    boolean[] stands = new boolean[1];
    run(RoundTrip.plain(), trip -> sql.stands(trip, query, asOf, is -> stands[0] = is));
    return stands[0];
  }

  /**
   * What follows behind the id {@code after}.
   *
   * @param asOf microseconds, or {@link #NOW}
   * @param most how many ids are looked at, wanted or not
   * @param timed whether times are asked for
   */
  public Piece piece(Query query, long after, long asOf, int most, boolean timed)
      throws SQLException {
    ViewRows mapped = new ViewRows(query.mapped() ? most : 0, timed);
    ViewRows negative = new ViewRows(query.negative() ? most : 0, timed);
    boolean past = query.negative() && asOf != NOW;
    ViewRows superseded = new ViewRows(past ? most : 0, timed);
    run(
        RoundTrip.plain(),
        trip -> {
          if (query.mapped()) {
            sql.mapped(trip, query, after, asOf, most, mapped);
          }
          if (query.negative()) {
            sql.negative(trip, query, after, asOf, most, negative);
          }
          if (past) {
            sql.superseded(trip, query, after, asOf, most, superseded);
          }
        });
    return ViewRows.merged(List.of(mapped, negative, superseded));
  }

  private void run(RoundTrip trip, Consumer<RoundTrip> queries) throws SQLException {
    queries.accept(trip);
    transactions.plain(
        connection -> {
          trip.run(connection);
          return trip;
        });
  }
}
