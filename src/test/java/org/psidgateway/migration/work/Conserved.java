package org.psidgateway.migration.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.psidgateway.testing.Sql;

/** The row of a migration against what its list and its calls say, counted one by one. */
final class Conserved {
  private static final String LISTED =
      """
      select count(*) as ids, count(*) filter (where verdict > 0) as mapped,
             count(*) filter (where verdict = -1) as unmapped, count(*) filter (where verdict = -2) as invalid,
             count(*) filter (where verdict < -2) as failed, count(*) filter (where verdict = 0) as unanswered,
             coalesce(max(decided), 0) as decided,
             count(*) filter (where (verdict is null) <> (decided is null)) as half_decided
        from list_%d_id
      """;

  private static final String CALLED =
      """
      select coalesce(sum(asked) filter (where state = 'granted'), 0) as under_way,
             coalesce(sum(asked) filter (where spends and state = 'granted'), 0) as held,
             coalesce(sum(asked) filter (where spends and state in ('uncertain', 'reconciled')), 0) as uncertain,
             coalesce(sum(returned) filter (where spends), 0) as units,
             count(*) filter (where state in ('settled', 'uncertain', 'reconciled')) as calls,
             coalesce(sum(asked) filter (where state in ('settled', 'uncertain', 'reconciled')), 0) as asked
        from call where migration_id = '%s'
      """;

  // Of one that has ended the counts stay, whatever comes late.
  private static final String COMPARED =
      """
      select what || ': ' || told || ' instead of ' || truth
        from (select g.*, g.finished_at is not null as ended from migration g where id = '%s') g, (%s) i, (%s) c,
             lateral (values
               ('distinct_ids', distinct_ids, ids),
               ('mapped', g.mapped + already_known, i.mapped),
               ('unmapped', g.unmapped, i.unmapped),
               ('invalid', g.invalid, i.invalid),
               ('failed', g.failed, i.failed + case when ended then i.unanswered else 0 end),
               ('unanswered', g.unanswered, case when ended then 0 else i.unanswered end),
               ('under_way', g.under_way, c.under_way),
               ('units_held', units_held, held),
               ('units_uncertain', units_uncertain, case when ended then units_uncertain else uncertain end),
               ('units', g.units, case when ended then g.units else c.units end),
               ('calls', g.calls, case when ended then g.calls else c.calls end),
               ('asked', g.asked, case when ended then g.asked else c.asked end),
               ('half decided', half_decided, 0),
               ('decided later than progress', greatest(decided - progress, 0), 0),
               ('remaining below zero',
                least(0, distinct_ids - already_known - g.mapped - g.unmapped - g.invalid - g.failed - g.under_way
                         - g.unanswered), 0)
             ) v(what, told, truth)
       where told <> truth
      """;

  private Conserved() {}

  static void assertConserved(Sql sql, Listed list) {
    assertThat(differences(sql, list)).isEmpty();
  }

  static List<String> differences(Sql sql, Listed list) {
    String id = list.id().value().toString();
    return sql.texts(COMPARED.formatted(id, LISTED.formatted(list.no()), CALLED.formatted(id)));
  }
}
