package org.psidgateway.store;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.model.Fate.Status;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.model.Verdict;
import org.psidgateway.store.PageView.Query;

/**
 * The statements of {@link PageView}. Each looks at a bounded number of rows of the Page, wanted or
 * not.
 */
final class ViewSql {
  private static final String MAPPED =
      """
      with moment as materialized (
        select timestamptz 'epoch' + ? * interval '1 microsecond' as as_of,
               timestamptz 'epoch' + ? * interval '1 microsecond' as since)
      select asid, psid, resolved_at between since and as_of%s
        from (select asid, psid, resolved_at from mapping
               where page_id = ? and asid > ? order by asid limit ?) m, moment
       order by asid
      """;

  private static final String NEGATIVE =
      """
      with moment as materialized (
        select timestamptz 'epoch' + ? * interval '1 microsecond' as as_of,
               timestamptz 'epoch' + ? * interval '1 microsecond' as since)
      select asid, verdict,
             verdict = any (?) and upstream between ? and ?
             and resolved_at <= as_of and checked_at >= since
             and checked_at > least(as_of, ledger_now()) - make_interval(secs => ?)
             and not exists (select from mapping m where m.page_id = n.page_id and m.asid = n.asid
                                and m.resolved_at <= as_of)
             %s%s
        from (%s) n, moment
       order by asid
      """;

  private static final String STANDING =
      "select * from negative where page_id = ? and asid > ? order by asid limit ?";

  private static final String STOOD_OTHERWISE =
      """
      and not exists (select from superseded_negative s where s.page_id = n.page_id and s.asid = n.asid
                         and s.at > as_of)
      """;

  // As they stood then: what was superseded first since.
  private static final String SUPERSEDED =
      """
      select distinct on (asid) * from superseded_negative
       where page_id = ? and asid > ? and at > (select as_of from moment) order by asid, at limit ?
      """;

  private static final String STANDS =
      """
      with moment as materialized (select timestamptz 'epoch' + ? * interval '1 microsecond' as as_of)
      select as_of > ledger_now() - make_interval(secs => ?) and as_of <= ledger_now()
             and not exists (select from view_change where page_id = ? and what = 'mapping' and at > as_of)
        from moment
      """;

  private static final String AGO = "select micros(ledger_now() - make_interval(secs => ?))";

  private final double recheckAfter;
  private final int believedFrom;
  private final int upstream;

  ViewSql(Duration recheckAfter, UpstreamKind upstream) {
    this.recheckAfter = seconds(recheckAfter);
    this.upstream = upstream.ordinal();
    this.believedFrom = MappingSql.believedFrom(upstream);
  }

  void ago(RoundTrip trip, Duration time, LongConsumer into) {
    trip.query(
        AGO,
        row -> {
          row.next();
          into.accept(row.getLong(1));
        },
        seconds(time));
  }

  void stands(RoundTrip trip, Query query, long asOf, Consumer<Boolean> into) {
    trip.query(
        STANDS,
        row -> {
          row.next();
          into.accept(row.getBoolean(1));
        },
        asOf,
        seconds(PageView.KEPT),
        query.page().value());
  }

  void mapped(RoundTrip trip, Query query, long after, long asOf, int most, ViewRows into) {
    String times = into.timed() ? ", micros(resolved_at), micros(resolved_at)" : "";
    trip.query(
        MAPPED.formatted(times),
        into::read,
        asOf,
        query.since(),
        query.page().value(),
        after,
        most);
  }

  /** Those that stand. */
  void negative(RoundTrip trip, Query query, long after, long asOf, int most, ViewRows into) {
    boolean now = asOf == PageView.NOW;
    negative(trip, now ? "" : STOOD_OTHERWISE, STANDING, query, after, asOf, most, into);
  }

  /** Those that stood at an earlier moment, and do no longer, or otherwise. */
  void superseded(RoundTrip trip, Query query, long after, long asOf, int most, ViewRows into) {
    negative(trip, "", SUPERSEDED, query, after, asOf, most, into);
  }

  private void negative(
      RoundTrip trip,
      String unless,
      String from,
      Query query,
      long after,
      long asOf,
      int most,
      ViewRows into) {
    String times = into.timed() ? ", micros(resolved_at), micros(checked_at)" : "";
    trip.query(
        NEGATIVE.formatted(unless, times, from),
        into::read,
        asOf,
        query.since(),
        verdicts(query.statuses()),
        believedFrom,
        upstream,
        recheckAfter,
        query.page().value(),
        after,
        most);
  }

  private static Integer[] verdicts(Set<Status> statuses) {
    return statuses.stream()
        .filter(status -> status != Status.MAPPED)
        .map(status -> (int) (status == Status.UNMAPPED ? Verdict.UNMAPPED : Verdict.REJECTED))
        .toArray(Integer[]::new);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
