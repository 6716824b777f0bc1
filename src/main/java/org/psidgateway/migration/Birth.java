package org.psidgateway.migration;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.migration.list.Content;
import org.psidgateway.model.PageId;

/** A migration that is about to be: its row, and the first line of its diary. */
record Birth(
    MigrationId id,
    @Nullable MigrationId parent,
    PageId page,
    String caller,
    Settings settings,
    long listNo,
    Content content) {

  // The lock keeps the Page: whoever removes it then sees the migration.
  private static final String INSERT =
      """
      with p as materialized (select page_id from page where page_id = ? for key share)
      insert into migration (id, parent_id, page_id, list_no, created_by, created_at, desired, state, name, labels,
                             deadline, share, quota_cap, confirm, canary_ids, canary_max_invalid_ratio,
                             max_invalid_ratio, format, columns, width, received, malformed)
      select ?::uuid, ?::uuid, p.page_id, ?, ?, ledger_now(), 'running', 'uploading', ?, ?::jsonb,
             at_micros(?::bigint), ?, ?::bigint, ?::boolean, ?, ?,
             ?::double precision, ?, ?::text[], ?, ?, ?
        from p
      returning 1
      """;

  /**
   * Adds it to a transaction.
   *
   * @throws UploadRefused when it is run, if the Page is gone
   */
  void add(RoundTrip trip) {
    trip.query(
        INSERT,
        row -> {
          if (!row.next()) {
            throw new UploadRefused(UploadRefused.Why.NO_PAGE);
          }
        },
        page.value(),
        id.value(),
        parent == null ? null : parent.value(),
        listNo,
        caller,
        settings.name(),
        SettingsSql.labels(settings),
        SettingsSql.micros(settings),
        settings.share(),
        settings.quotaCap(),
        settings.confirm(),
        settings.canaryIds(),
        settings.canaryMaxInvalidRatio(),
        settings.maxInvalidRatio(),
        content.format().name().toLowerCase(Locale.ROOT),
        content.columns() == null ? null : content.columns().toArray(String[]::new),
        content.width(),
        content.received(),
        content.malformed());
    Moves.begin(trip, id);
  }
}
