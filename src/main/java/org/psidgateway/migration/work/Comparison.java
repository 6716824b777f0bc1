package org.psidgateway.migration.work;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.migration.list.ListTables;
import org.psidgateway.model.PageId;
import org.psidgateway.store.MappingStore;

/**
 * Takes some rows of a list into its ids: each id once, with what is known of it. In a transaction
 * of the caller's, which keeps count of how far it is.
 */
final class Comparison {
  private static final String ROWS =
      "select coalesce(max(line), 0), count(*), count(asid) from (select line, asid from %s where line > ?"
          + " order by line limit ?) part";

  private static final String IDS =
      """
      select distinct on (asid) asid, line
        from (select line, asid from %s where line > ? order by line limit ?) part
       where asid is not null order by asid, line
      """;

  // The first row of an id is the one that counts.
  private static final String PUT =
      """
      with put as (
        insert into %s (asid, line, verdict, decided)
        select asid, line, nullif(verdict, 0), case when verdict <> 0 then 0 end
          from unnest(?::bigint[], ?::bigint[], ?::bigint[]) i(asid, line, verdict)
            on conflict (asid) do nothing
        returning verdict)
      select count(*), count(*) filter (where verdict > 0), count(*) filter (where verdict = -1),
             count(*) filter (where verdict = -2)
        from put
      """;

  private final MappingStore store;

  Comparison(MappingStore store) {
    this.store = store;
  }

  /**
   * What was found in some rows.
   *
   * @param last their last line
   * @param duplicates rows whose id was there before
   * @param end whether no rows follow
   */
  record Found(
      long last,
      long rows,
      long distinct,
      long duplicates,
      long known,
      long unmapped,
      long invalid,
      boolean end) {

    /** There was nobody to ask. */
    static final Found NOTHING = new Found(-1, 0, 0, 0, 0, 0, 0, false);

    /** Of no rows. */
    static Found none() {
      return new Found(0, 0, 0, 0, 0, 0, 0, false);
    }

    Found plus(Found more) {
      return new Found(
          Math.max(last, more.last),
          rows + more.rows,
          distinct + more.distinct,
          duplicates + more.duplicates,
          known + more.known,
          unmapped + more.unmapped,
          invalid + more.invalid,
          more.end);
    }
  }

  /** The rows that come after a line. */
  Found next(Connection connection, long listNo, PageId page, long after, int most)
      throws SQLException {
    String rows = ListTables.rows(listNo);
    long[] counts = new long[3];
    long[] asids = new long[most];
    long[] lines = new long[most];
    int[] size = {0};
    ListTables.byIndex(RoundTrip.further())
        .query(
            ROWS.formatted(rows),
            row -> {
              row.next();
              for (int i = 0; i < counts.length; i++) {
                counts[i] = row.getLong(i + 1);
              }
            },
            after,
            most)
        .query(
            IDS.formatted(rows),
            row -> {
              while (row.next()) {
                asids[size[0]] = row.getLong(1);
                lines[size[0]++] = row.getLong(2);
              }
            },
            after,
            most)
        .run(connection);
    long[] ids = Arrays.copyOf(asids, size[0]);
    long[] put = put(connection, listNo, ids, lines, verdicts(connection, page, ids));
    return new Found(
        counts[0], counts[1], put[0], counts[2] - put[0], put[1], put[2], put[3], counts[1] < most);
  }

  private long[] verdicts(Connection connection, PageId page, long[] ids) throws SQLException {
    Map<Long, Long> known = new HashMap<>();
    if (ids.length > 0) {
      RoundTrip trip = RoundTrip.further();
      store.lookUp(trip, Map.of(page, ids), told -> Feed.add(known, told));
      trip.run(connection);
    }
    long[] verdicts = new long[ids.length];
    for (int i = 0; i < ids.length && !known.isEmpty(); i++) {
      verdicts[i] = known.getOrDefault(ids[i], 0L);
    }
    return verdicts;
  }

  private static long[] put(
      Connection connection, long listNo, long[] asids, long[] lines, long[] verdicts)
      throws SQLException {
    long[] counts = new long[4];
    RoundTrip.further()
        .query(
            PUT.formatted(ListTables.ids(listNo)),
            row -> {
              row.next();
              for (int i = 0; i < counts.length; i++) {
                counts[i] = row.getLong(i + 1);
              }
            },
            asids,
            Arrays.copyOf(lines, asids.length),
            verdicts)
        .run(connection);
    return counts;
  }
}
