package org.psidgateway.chaos;

import java.util.Arrays;
import java.util.List;
import org.psidgateway.testing.Sql;

/** A call that was granted: when, and by when it has to arrive, in epoch milliseconds. */
record Grant(Asked asked, long at, long arrivesBy) {
  private static final String GRANTS =
      """
      select (extract(epoch from c.granted_at) * 1000)::bigint, c.page_id, array_agg(k.asid),
             (extract(epoch from c.arrives_by) * 1000)::bigint
        from call c join chaos.carried k using (call_id) group by c.call_id
      """;

  static List<Grant> all(Sql sql) {
    return sql.read(
        GRANTS,
        row -> {
          Long[] ids = (Long[]) row.getArray(3).getArray();
          long[] asids = Arrays.stream(ids).mapToLong(Long::longValue).toArray();
          return new Grant(Asked.of(row.getLong(2), asids), row.getLong(1), row.getLong(4));
        });
  }
}
