package org.psidgateway.transfer;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.PageId;

/**
 * Merges staged pairs into the mappings: one short transaction, of one round trip if all is new,
 * for some 25 000 lines, in the order of the file, as if line after line were merged. Rows are
 * locked by ascending ASID, so two files at once only wait for each other. A mapping takes the
 * place of a negative, and all pods hear of it, once more a minute later too.
 */
final class Merge {
  private static final int BLOCKS_AT_ONCE = 160;

  /** A Page that is about to be removed waits, and then learns of the import. */
  private static final String PAGE = "select 1 from page where page_id = ? for share";

  private static final String BRINGS_PAIRS =
      "insert into view_change (page_id, what) values (?, 'import')";

  // A table that was never analysed would be read whole, each time. And files that leave rely on
  // transactions to be over within seconds.
  private static final String BY_INDEX =
      """
      select num_nonnulls(set_config('enable_hashjoin', 'off', true),
                          set_config('enable_mergejoin', 'off', true),
                          set_config('enable_seqscan', 'off', true),
                          set_config('enable_bitmapscan', 'off', true),
                          set_config('statement_timeout', '3s', true)) > 0
      """;

  private static final String CHUNK =
      "select line, asid, psid from %s where ctid >= '(%d,0)' and ctid < '(%d,0)'";

  private static final String STORED =
      """
      lateral (select psid from mapping where page_id = ? and mapping.asid = c.asid limit 1) m
      """;

  private static final String BEGIN =
      """
      with t as materialized (select ledger_now() as now),
      chunk as materialized (%s),
      """;

  private static final String OUTDATED =
      """
      outdated as (
        delete from negative n using one where n.page_id = ? and n.asid = one.asid returning n.asid),
      """;

  private static final String TOLD =
      """
      forgotten as (
        insert into invalidation (what, page_id, asid) select 'mapping', ?, asid from stale),
      again as (
        insert into later_invalidation (page_id, asid, due_at)
        select ?, asid, t.now + interval '1 minute' from stale, t),
      told as (
        insert into view_change (page_id, what, at)
        select ?::bigint, what, t.now from changed, t)
      """;

  // The first line of an ASID counts, and what is stored stays.
  private static final String KEEP =
      BEGIN
          + """
      one as materialized (select distinct on (asid) asid, psid from chunk order by asid, line),
      """
          + OUTDATED
          + """
      written as (
        insert into mapping (page_id, asid, psid, resolved_at)
        select ?, asid, psid, t.now from one, t order by asid
            on conflict (asid, page_id) do nothing
        returning asid),
      stale as (select asid from outdated),
      changed as (select 'negative' as what where exists (select from outdated)),
      """
          + TOLD
          + "select (select count(*) from written), (select count(*) from chunk)";

  // The last line of an ASID counts: each line replaces what the one before it left. What caches
  // may hold of
  // new pairs is forgotten too, since somebody else may have stored them a moment ago.
  private static final String REPLACE =
      BEGIN
          + """
      one as materialized (select distinct on (asid) asid, psid from chunk order by asid, line desc),
      before as materialized (
        select c.asid, m.psid, c.psid as becomes from one c cross join
      """
          + STORED
          + "),"
          + OUTDATED
          + """
      written as (
        insert into mapping (page_id, asid, psid, resolved_at)
        select ?, asid, psid, t.now from one, t order by asid
            on conflict (asid, page_id)
            do update set psid = excluded.psid, resolved_at = excluded.resolved_at
                where mapping.psid <> excluded.psid
        returning asid),
      stale as (select asid from outdated union all select asid from written),
      changed as (
        select 'negative' as what where exists (select from outdated)
        union all
        select 'mapping' where exists (select from before where psid <> becomes)),
      """
          + TOLD
          + """
      select count(*) filter (where was is distinct from psid and line > 0), count(*) filter (where line > 0)
        from (select line, psid, lag(psid) over (partition by asid order by line) as was
                from (select line, asid, psid from chunk union all select 0, asid, psid from before) l) lines
      """;

  private static final String CONFLICTS =
      "select c.line, count(*) over () from (%s) c join "
          + STORED
          + " on m.psid <> c.psid order by c.line limit "
          + ImportReport.MOST_PROBLEMS;

  /** How many lines, over all transactions so far. */
  static final class Counts {
    long imported;
    long merged;
    long conflicts;
    final List<ImportReport.LineProblem> problems = new ArrayList<>();
  }

  private final Transactions transactions;
  private final Staging staging;
  private final boolean replace;
  private final Runnable announce;

  /**
   * @param announce run after each transaction: other pods have something to hear
   */
  Merge(Transactions transactions, Staging staging, boolean replace, Runnable announce) {
    this.transactions = transactions;
    this.staging = staging;
    this.replace = replace;
    this.announce = announce;
  }

  /**
   * @param staged how many lines there are: fewer if PostgreSQL restarted meanwhile, which empties
   *     tables that are in no log, and then this fails
   * @throws NoSuchPage if the Page was removed meanwhile
   */
  Counts run(long staged) throws SQLException {
    Counts counts = new Counts();
    int blocks = staging.blocks();
    for (int from = 0; from < blocks; from += BLOCKS_AT_ONCE) {
      int first = from;
      add(counts, transactions.run(connection -> chunk(connection, first)));
      announce.run();
    }
    if (counts.merged != staged) {
      throw new SQLException("staged rows were lost in a restart", Staging.LOST);
    }
    return counts;
  }

  private Counts chunk(Connection connection, int from) throws SQLException {
    Counts counts = new Counts();
    String chunk = CHUNK.formatted(staging.name(), from, from + BLOCKS_AT_ONCE);
    long page = staging.page().value();
    boolean[] registered = {false};
    RoundTrip trip =
        staging
            .keep(RoundTrip.opening())
            .query(PAGE, row -> registered[0] = row.next(), page)
            .update(BRINGS_PAIRS, page)
            .query(BY_INDEX, rows -> {})
            .query((replace ? REPLACE : KEEP).formatted(chunk), row -> merged(row, counts), ids());
    trip.run(connection);
    if (!registered[0]) {
      throw new NoSuchPage(staging.page());
    }
    if (!replace && counts.imported < counts.merged) {
      RoundTrip.further()
          .query(CONFLICTS.formatted(chunk), rows -> conflicts(rows, counts), page)
          .run(connection);
    }
    return counts;
  }

  private Object[] ids() {
    Object[] ids = new Object[replace ? 6 : 5];
    java.util.Arrays.fill(ids, staging.page().value());
    return ids;
  }

  private static void merged(ResultSet row, Counts counts) throws SQLException {
    row.next();
    counts.imported = row.getLong(1);
    counts.merged = row.getLong(2);
  }

  private static void conflicts(ResultSet rows, Counts counts) throws SQLException {
    while (rows.next()) {
      counts.conflicts = rows.getLong(2);
      counts.problems.add(ImportReport.LineProblem.conflict(rows.getLong(1)));
    }
  }

  private static void add(Counts sum, Counts more) {
    sum.imported += more.imported;
    sum.merged += more.merged;
    sum.conflicts += more.conflicts;
    int room = ImportReport.MOST_PROBLEMS - sum.problems.size();
    sum.problems.addAll(more.problems.subList(0, Math.min(room, more.problems.size())));
  }

  /** The Page is not registered any more. */
  static final class NoSuchPage extends SQLException {
    private static final long serialVersionUID = 1L;

    NoSuchPage(PageId page) {
      super("Page " + page + " is not registered", "02000");
    }
  }
}
