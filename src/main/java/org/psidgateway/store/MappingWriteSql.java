package org.psidgateway.store;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.model.Verdict;

/** The statements that write answers: whole lists, one round trip each. */
final class MappingWriteSql {
  // One time for all of them: callers get what the rows say. A mapping never yields. A negative may
  // be left beside one that another call wrote meanwhile: readers prefer the mapping. Negatives are
  // kept for a while as they stood before: downloads may be of an earlier moment.
  private static final String WRITE =
      """
      with t as materialized (select ledger_now() as now),
      superseded as (
        insert into superseded_negative (page_id, asid, verdict, upstream, resolved_at, checked_at, at)
        select page_id, asid, verdict, upstream, resolved_at, checked_at, t.now
          from negative, t where page_id = ? and asid = any(?)),
      outdated as (delete from negative where page_id = ? and asid = any(?) returning asid, upstream),
      mapped as (
        insert into mapping (page_id, asid, psid, resolved_at)
        select ?, asid, psid, t.now from unnest(?::bigint[], ?::bigint[]) as m(asid, psid), t
         order by asid
            on conflict (asid, page_id) do nothing
        returning asid),
      negated as (
        insert into negative (page_id, asid, verdict, upstream, resolved_at, checked_at)
        select ?, asid, verdict, ?, t.now, t.now
          from unnest(?::bigint[], ?::bigint[]) as n(asid, verdict), t
         where not exists (select from mapping m where m.page_id = ? and m.asid = n.asid)
         order by asid
            on conflict (asid, page_id)
            do update set verdict = excluded.verdict, upstream = excluded.upstream,
                          checked_at = excluded.checked_at
        returning asid)
      """;

  private static final String WRITTEN_AT =
      WRITE
          + """
      select micros(now), (select count(*) from mapped) + (select count(*) from negated) from t
      """;

  private static final String OTHERWISE =
      """
      select asid, m.psid, 0
        from unnest(?::bigint[], ?::bigint[]) as told(asid, verdict)
        join lateral (select psid from mapping where page_id = ? and mapping.asid = told.asid limit 1) m
          on m.psid <> told.verdict
      """;

  // What an upstream says unasked may contradict what is stored, or negatives that stood until now
  // and that any pod may hold.
  private static final String WRITTEN_UNASKED =
      WRITE
          + """
      , news as (
        insert into invalidation (what, page_id, asid) select 'mapping', ?, asid from outdated where upstream = ?)
      select asid
        from (select * from mapping where page_id = ?) m
        join unnest(?::bigint[], ?::bigint[]) as told(asid, psid) using (asid)
       where m.psid <> told.psid
      """;

  private static final String NOW = "select micros(ledger_now()), 0";

  private final int upstream;

  MappingWriteSql(UpstreamKind upstream) {
    this.upstream = upstream.ordinal();
  }

  void write(RoundTrip trip, PageId page, Findings findings, MappingStore.Written into) {
    RoundTrip.Rows time =
        row -> {
          row.next();
          into.written(row.getLong(1), row.getLong(2) == findings.size());
        };
    if (findings.size() == 0) {
      trip.query(NOW, time);
    } else {
      trip.query(WRITTEN_AT, time, values(page, findings));
    }
  }

  /** Mappings that say otherwise than these findings. */
  void otherwise(RoundTrip trip, PageId page, Findings findings, Consumer<Findings> into) {
    trip.query(
        OTHERWISE,
        rows -> into.accept(MappingSql.findings(rows, findings.size())),
        findings.asids(),
        findings.verdicts(),
        page.value());
  }

  /** Runs {@code contradicted} for each stored mapping that the findings contradict. */
  void writeUnasked(RoundTrip trip, PageId page, Findings findings, Runnable contradicted) {
    long[] mapped = those(findings, Verdict::isPsid, findings.asids());
    long[] psids = those(findings, Verdict::isPsid, findings.verdicts());
    Object[] further = {page.value(), upstream, page.value(), mapped, psids};
    trip.query(
        WRITTEN_UNASKED,
        rows -> {
          while (rows.next()) {
            contradicted.run();
          }
        },
        Stream.of(values(page, findings), further).flatMap(Arrays::stream).toArray());
  }

  private Object[] values(PageId page, Findings findings) {
    long[] mapped = those(findings, Verdict::isPsid, findings.asids());
    long[] psids = those(findings, Verdict::isPsid, findings.verdicts());
    long[] negated = those(findings, Verdict::isNegative, findings.asids());
    long[] negatives = those(findings, Verdict::isNegative, findings.verdicts());
    long id = page.value();
    return new Object[] {
      id, findings.asids(), id, mapped, id, mapped, psids, id, upstream, negated, negatives, id
    };
  }

  /** The {@code values} whose verdict is of the wanted kind. */
  private static long[] those(Findings findings, LongPredicate wanted, long[] values) {
    return IntStream.range(0, findings.size())
        .filter(i -> wanted.test(findings.verdicts()[i]))
        .mapToLong(i -> values[i])
        .toArray();
  }
}
