package org.psidgateway.transfer;

/** The statements that merge some staged lines into the mappings of a Page. */
final class MergeSql {
  /** A Page that is about to be removed waits, and then learns of the import. */
  static final String PAGE = "select 1 from page where page_id = ? for key share";

  /** Files for one Page take turns, part by part. */
  static final String ALONE =
      "select pg_advisory_xact_lock(hashtextextended('gateway.import', ?)) is null";

  static final String BRINGS_PAIRS = "insert into view_change (page_id, what) values (?, 'import')";

  // Tables that were never analysed would be read whole, once a transaction. And files that leave
  // rely on transactions to be over within seconds.
  static final String SETTINGS =
      """
      select num_nonnulls(set_config('enable_hashjoin', 'off', true),
                          set_config('enable_mergejoin', 'off', true),
                          set_config('enable_seqscan', 'off', true),
                          set_config('enable_bitmapscan', 'off', true),
                          set_config('statement_timeout', '3s', true)) > 0
      """;

  private static final String LINES =
      """
      with t as materialized (select ledger_now() as now),
      lines as materialized (select line, asid, psid from %1$s where line > ? order by line limit ?),
      """;

  private static final String STORED =
      "lateral (select psid from mapping where page_id = ? and mapping.asid = c.asid limit 1) m";

  private static final String COUNTED =
      ", (select count(*) from lines), (select max(line) from lines)";

  // The first line of an ASID counts, and what is stored stays.
  static final String KEEP =
      LINES
          + """
      one as materialized (select distinct on (asid) asid, psid from lines order by asid, line),
      written as (
        insert into mapping (page_id, asid, psid, resolved_at)
        select ?, asid, psid, t.now from one, t order by asid
            on conflict (asid, page_id) do nothing
        returning asid)
      select (select count(*) from written)"""
          + COUNTED;

  // The last line of an ASID counts: each line replaces what the one before it left.
  static final String REPLACE =
      LINES
          + """
      one as materialized (select distinct on (asid) asid, psid from lines order by asid, line desc),
      before as materialized (
        select c.asid, m.psid, c.psid as becomes from one c cross join
      """
          + STORED
          + """
      ),
      written as (
        insert into mapping (page_id, asid, psid, resolved_at)
        select ?, asid, psid, t.now from one, t order by asid
            on conflict (asid, page_id)
            do update set psid = excluded.psid, resolved_at = excluded.resolved_at
                where mapping.psid <> excluded.psid),
      stale as (select asid from before where psid <> becomes),
      forgotten as (
        insert into invalidation (what, page_id, asid) select 'mapping', ?, asid from stale),
      again as (
        insert into later_invalidation (page_id, asid, due_at)
        select ?, asid, t.now + interval '1 minute' from stale, t),
      told as (
        insert into view_change (page_id, what, at)
        select ?, 'mapping', now from t where exists (select from stale))
      select count(*) filter (where was is distinct from psid and line > 0)"""
          + COUNTED
          + """
        from (select line, psid, lag(psid) over (partition by asid order by line) as was
                from (select line, asid, psid from lines
                      union all select 0, asid, psid from before) l) changes
      """;

  // A statement of its own, to see what a settlement has committed meanwhile. One that is still
  // under way holds its claims: what it says may be in caches by the time that it is committed.
  static final String OUTDATED =
      """
      with t as materialized (select ledger_now() as now),
      lines as materialized (select asid from %1$s where line > ? and line <= ?),
      outdated as (
        delete from negative n using lines
         where n.page_id = ? and n.asid = lines.asid
        returning n.asid, n.verdict, n.upstream, n.resolved_at, n.checked_at),
      kept as (
        insert into superseded_negative (page_id, asid, verdict, upstream, resolved_at, checked_at, at)
        select ?, asid, verdict, upstream, resolved_at, checked_at, t.now from outdated, t),
      stale as (
        select asid from outdated
        union
        select c.asid from lines join claim c on c.asid = lines.asid and c.page_id = any (array[0, ?])),
      forgotten as (
        insert into invalidation (what, page_id, asid) select 'mapping', ?, asid from stale)
      insert into later_invalidation (page_id, asid, due_at)
      select ?, asid, t.now + interval '1 minute' from stale, t
      """;

  static final String CONFLICTS =
      "select c.line, count(*) over () from (select line, asid, psid from %1$s"
          + " where line > ? and line <= ?) c join "
          + STORED
          + " on m.psid <> c.psid order by c.line limit "
          + ImportReport.MOST_PROBLEMS;

  private MergeSql() {}
}
