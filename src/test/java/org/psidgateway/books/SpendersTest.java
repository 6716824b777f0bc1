package org.psidgateway.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.Sql;

/** The report of who spent the quota is read by an index: calls are never removed. */
@Beside
class SpendersTest {
  private static final int CALLS = 50_000;

  @Test
  void callers_areReadFromTheCallsOfTheirTimeAlone() throws SQLException {
    Sql sql = new Sql(Backing.freshDatabase().dataSource());
    sql.execute(
        """
        insert into call (call_id, page_id, lane, state, grant_no, asked, returned, callers, caller_ids,
                          caller_psids, granted_at, expires_at)
        select gen_random_uuid(), 100, 'INTERACTIVE', 'settled', i, 200, 198,
               case when i %% 10 = 0 then '{crm,shop}'::text[] else '{crm}' end, '{120,80}', '{118,80}', at, at
          from (select i, ledger_now() - (%d - i) * interval '1 minute' as at
                  from generate_series(1, %d) i) made
        """
            .formatted(CALLS, CALLS));
    sql.execute("analyze call");
    String since =
        "'" + sql.texts("select ledger_now() - interval '1 day'").get(0) + "'::timestamptz";
    String plan =
        String.join(
            "\n", sql.texts("explain (analyze, timing off) " + Spenders.SINCE.replace("?", since)));

    assertThat(plan).contains("call_recent").doesNotContain("Seq Scan on call");
  }
}
