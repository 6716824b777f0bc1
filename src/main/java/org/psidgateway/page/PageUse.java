package org.psidgateway.page;

import java.sql.Connection;
import java.sql.SQLException;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Pages.PageInUse;

/**
 * Whether a Page may be removed: it has no mappings and no migration that has not ended, and no
 * call or import is under way that could bring any. Looked at in two steps, since to look for
 * mappings may take a while: without locks, and then, while no call can be granted and no import
 * can go on, whether any did since.
 */
final class PageUse {
  private static final String GRANTS = "select grants, micros(ledger_now()) from budget";

  private static final String UNDER_WAY =
      """
      select exists (select from call where page_id in (0, ?) and state = 'granted')
          or exists (select from staging where page_id = ? and until > ledger_now())
      """;

  private static final String MAPPED =
      """
      select exists (select from mapping where page_id = ?)
          or exists (select from migration where page_id = ? and finished_at is null)
      """;

  // In this order. The Page's own row is locked against imports and new migrations too, as
  // Hibernate's locks are not.
  private static final String LOCK_PAGE = "select 1 from page where page_id = ? for update";
  private static final String LOCK = "select 1 from budget for update";

  // An import that was under way at the first step, uncommitted, had its staging table then.
  private static final String BEGUN_SINCE =
      """
      select exists (select from call where page_id in (0, ?) and paced and grant_no > ?)
          or exists (select from view_change where page_id = ? and what = 'import'
                        and at >= timestamptz 'epoch' + ? * interval '1 microsecond')
          or exists (select from migration where page_id = ? and finished_at is null)
      """;

  private static final String FORGET_LIMITS = "delete from standing where page_id = ?";

  private final PageId page;
  private long grants;
  private long lookedAt;
  private boolean mapped;
  private boolean called;

  private PageUse(PageId page) {
    this.page = page;
  }

  /**
   * The first step, outside of any transaction. Numbers first: a call up to that number is seen to
   * be under way, or what it brought is.
   *
   * @throws PageInUse if the Page has mappings or migrations, or calls or imports under way
   */
  static PageUse none(Connection connection, PageId page) throws SQLException {
    PageUse use = new PageUse(page);
    RoundTrip.plain()
        .query(
            GRANTS,
            row -> {
              row.next();
              use.grants = row.getLong(1);
              use.lookedAt = row.getLong(2);
            })
        .query(
            UNDER_WAY,
            row -> {
              row.next();
              use.called = row.getBoolean(1);
            },
            page.value(),
            page.value())
        .run(connection);
    use.check();
    RoundTrip.plain()
        .query(
            MAPPED,
            row -> {
              row.next();
              use.mapped = row.getBoolean(1);
            },
            page.value(),
            page.value())
        .run(connection);
    use.check();
    return use;
  }

  /**
   * The second step, in the transaction that removes the Page: locks the budget row, which every
   * grant passes, so that none reads a Page that is about to go. What the limits know of the Page
   * goes with it.
   *
   * @throws PageInUse if a call was granted, an import went on, or a migration came, since the
   *     first step
   */
  void stillNone(Connection connection) throws SQLException {
    RoundTrip.further()
        .query(LOCK_PAGE, row -> {}, page.value())
        .query(LOCK, row -> {})
        .query(
            BEGUN_SINCE,
            row -> {
              row.next();
              called = row.getBoolean(1);
            },
            page.value(),
            grants,
            page.value(),
            lookedAt,
            page.value())
        .update(FORGET_LIMITS, page.value())
        .run(connection);
    check();
  }

  private void check() {
    if (mapped || called) {
      throw new PageInUse(mapped);
    }
  }
}
