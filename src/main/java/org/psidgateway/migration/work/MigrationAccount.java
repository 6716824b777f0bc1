package org.psidgateway.migration.work;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.ledger.Account;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;

/**
 * What the ledger asks of a migration: whether it may have a call, and to write down what became of
 * it. A grant is given to the present owner alone; an answer is taken from anybody.
 */
final class MigrationAccount implements Account {
  /** Of settlements alone, which need no owner. */
  static final long NO_FENCE = -1;

  private static final String TERMS =
      """
      select state in ('canary', 'running') and next_state is null
               and (deadline is null or deadline > ledger_now())
               and exists (select from lease where name = 'migrations' and fence = ?),
             coalesce(quota_cap, -1), units + units_uncertain, units_held, unanswered
        from migration where id = ? for update
      """;

  private final MigrationId id;
  private final PageId page;
  private final String caller;
  private final long fence;
  private final DecisionSql sql;
  private volatile long rank;

  MigrationAccount(MigrationId id, long listNo, PageId page, String caller, long fence) {
    this.id = id;
    this.page = page;
    this.caller = caller;
    this.fence = fence;
    this.sql = new DecisionSql(listNo);
  }

  @Override
  public UUID id() {
    return id.value();
  }

  @Override
  public String caller() {
    return caller;
  }

  @Override
  public long rank() {
    return rank;
  }

  void rank(long place) {
    rank = place;
  }

  @Override
  public Terms terms(RoundTrip trip, long[] asids) {
    Read read = new Read();
    trip.query(
        TERMS,
        row -> {
          if (row.next()) {
            read.open = row.getBoolean(1);
            read.cap = row.getLong(2);
            read.spent = row.getLong(3);
            read.held = row.getLong(4);
            read.unanswered = row.getLong(5);
          }
        },
        fence,
        id.value());
    trip.query(sql.decided(), row -> read.stale = !row.next() || row.getBoolean(1), (Object) asids);
    return read;
  }

  private final class Read implements Terms {
    private boolean open;
    private boolean stale;
    private long cap;
    private long spent;
    private long held;
    private long unanswered;

    /**
     * Once its cap is spent the owner pauses it; until then its ids wait. If some are decided by
     * now, all go back to the owner, who finds the others once more.
     */
    @Override
    public boolean isOpen() {
      return open && !stale;
    }

    @Override
    public int most(int ids) {
      return cap < 0 ? ids : (int) Math.max(0, Math.min(ids, cap - spent - held));
    }

    @Override
    public void granted(RoundTrip trip, Call call) {
      int ids = call.asids().length;
      int units = call.tariff().units(ids);
      if (unanswered > 0) {
        trip.update(sql.grantedAgain(), call.asids(), ids, units, id.value());
      } else {
        trip.update(DecisionSql.granted(), ids, units, id.value());
      }
    }
  }

  @Override
  public Closing close(RoundTrip trip, Settlement settlement) {
    List<@Nullable Standing> after = new ArrayList<>(1);
    Call call = settlement.call();
    trip.query(DecisionSql.LOCK, rows -> {}, id.value());
    int ids = call.asids().length;
    if (settlement.isUncertain()) {
      trip.query(
          sql.lost(),
          row -> after.add(Standing.read(row)),
          id.value(),
          call.id(),
          call.id(),
          call.asids(),
          page.value(),
          call.tariff().units(ids),
          ids);
    } else {
      Findings told = told(settlement);
      trip.query(
          sql.answered(),
          row -> after.add(Standing.read(row)),
          id.value(),
          call.id(),
          page.value(),
          told.asids(),
          told.verdicts(),
          page.value(),
          call.tariff().units(settlement.returned()),
          settlement.isUnsent() ? 0 : 1,
          settlement.isUnsent() ? 0 : ids);
    }
    return last ->
        after.stream()
            .filter(standing -> standing != null)
            .forEach(standing -> standing.conclude(last, id));
  }

  /** What was told of the migration's own Page. */
  private Findings told(Settlement settlement) {
    return settlement.findings().stream()
        .filter(some -> some.page().equals(page))
        .map(PageFindings::findings)
        .findFirst()
        .orElse(Findings.NONE);
  }
}
