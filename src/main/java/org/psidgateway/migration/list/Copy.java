package org.psidgateway.migration.list;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;

/** Copies rows from one list to another, by their lines, a short transaction for some thousands. */
final class Copy {
  private static final int ROWS_AT_ONCE = 20_000;
  private static final long BYTES_AT_ONCE = 8 << 20;

  // What was never compared with anything has no row among the ids.
  private static final String COPY =
      """
      with part as materialized (%s),
      written as (
        insert into %s (line, asid, cells)
        select part.line, part.asid, part.cells from part left join %s id on id.asid = part.asid
         where part.asid is not null and (%s)
        returning 1)
      select (select count(*) from written), (select max(line) from part)
      """;

  private final Transactions transactions;
  private final String statement;

  Copy(Transactions transactions, long from, long to, Set<View> views) {
    this.transactions = transactions;
    this.statement =
        COPY.formatted(
            ListTables.part(from), ListTables.rows(to), ListTables.ids(from), fits(views));
  }

  private static String fits(Set<View> views) {
    List<String> fits = new ArrayList<>(List.of("false"));
    if (views.contains(View.FAILED)) {
      fits.add(
          "id.verdict in (%d, %d, %d)"
              .formatted(ListVerdict.UNANSWERED, ListVerdict.REFUSED_ALONE, ListVerdict.ERASED));
    }
    if (views.contains(View.NOT_ATTEMPTED)) {
      fits.add("id.verdict is null");
    }
    return String.join(" or ", fits);
  }

  /** How many rows were copied. */
  long run() throws SQLException {
    long copied = 0;
    long[] part = {0, 0};
    do {
      part = some(part[1]);
      copied += part[0];
    } while (part[1] > 0);
    return copied;
  }

  /** How many rows of the next part were copied, and the last line of it; 0 behind the end. */
  private long[] some(long after) throws SQLException {
    return transactions.run(
        connection -> {
          long[] part = new long[2];
          ListTables.byIndex(RoundTrip.opening())
              .query(
                  statement,
                  row -> {
                    row.next();
                    part[0] = row.getLong(1);
                    part[1] = row.getLong(2);
                  },
                  after,
                  ROWS_AT_ONCE,
                  BYTES_AT_ONCE)
              .commit()
              .run(connection);
          return part;
        });
  }
}
