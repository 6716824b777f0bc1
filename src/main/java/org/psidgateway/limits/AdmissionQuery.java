package org.psidgateway.limits;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.model.PageId;

/** Reads a {@link Situation}, by statements of one round trip. */
final class AdmissionQuery {
  // The limit is for the planner, which without statistics expects hundreds of rows.
  private static final String BUDGET =
      """
      select micros(ledger_now()) as now, b.committed, b.held, b.uncertain, b.streak,
             %s as quota_limit,
             micros(b.next_grant_at) as next_grant, micros(b.interactive_until) as interactive_until,
             micros(b.background_until) as background_until, micros(b.background_at) as background_at,
             micros(b.quiet_until) as quiet_until, b.sealed_at is not null as sealed,
             b.server_started is distinct from pg_postmaster_start_time() as restarted,
             p.page_id is not null as registered, coalesce(p.paused, false) as paused,
             array_position(array['token_invalid', 'permission_denied'], p.pause_reason) as pause_reason,
             case when p.token is null then 0 else p.token_revision end as token_revision
        from (select * from budget limit 1) b left join page p on p.page_id = ?
      """
          .formatted(QuotaPolicy.LIMIT);

  private static final String ISOLATION =
      """
      select coalesce(sum(cost), 0) from (
        select cost from call where isolation and granted_at > (select ledger_now()) - make_interval(secs => ?)
         order by granted_at desc limit %d) i
      """;

  // The latest thousand calls show the share of retries just as well.
  private static final String RETRIES =
      """
      select count(*), count(*) filter (where retry), micros(max(granted_at) filter (where retry))
        from (select retry, granted_at from call
               where granted_at > (select ledger_now()) - interval '1 minute'
               order by granted_at desc limit 1000) r
      """;

  private final SpendingPolicy policy;
  private final AdmissionRequest request;
  private final PageId page;
  private @Nullable Head head;
  private @Nullable ScopeLimits app;
  private @Nullable ScopeLimits own;
  private long isolationCalls;
  private Situation.Retries retries = new Situation.Retries(0, 0, Long.MIN_VALUE);

  private AdmissionQuery(SpendingPolicy policy, AdmissionRequest request, PageId page) {
    this.policy = policy;
    this.request = request;
    this.page = page;
  }

  /** Read after {@code before}, in one round trip with it. */
  static Situation read(
      Connection connection, RoundTrip before, AdmissionRequest request, SpendingPolicy policy)
      throws SQLException {
    return read(connection, before, request, policy, request.page());
  }

  /**
   * The same for a call that serves {@code page}, whichever it asks for.
   *
   * @param page whose state is read; that of a call for all Pages would refuse nothing
   */
  static Situation read(
      Connection connection,
      RoundTrip before,
      AdmissionRequest request,
      SpendingPolicy policy,
      PageId page)
      throws SQLException {
    AdmissionQuery query = new AdmissionQuery(policy, request, page);
    query.add(before);
    before.run(connection);
    return query.situation();
  }

  private void add(RoundTrip trip) {
    trip.query(
        BUDGET, this::head, policy.quota().ceiling(), policy.quota().fanShare(), page.value());
    int cost = policy.cost(request);
    policy.appQuery().add(trip, cost, scope -> app = scope);
    PageId asked = request.page();
    if (asked.isAny()) {
      own = ScopeLimits.NONE;
    } else {
      boolean limited = request.tariff().pageTokens();
      policy.pageQuery(asked).add(trip, cost, scope -> own = limited ? scope : scope.paceAlone());
    }
    if (request.isolation()) {
      trip.query(
          ISOLATION.formatted(Admission.isolationCalls(policy.pace())),
          this::isolationCalls,
          policy.pace().perMicros() / 1e6);
    }
    if (request.retry()) {
      trip.query(RETRIES, this::retries);
    }
  }

  /** The row of {@link #BUDGET}. */
  private record Head(
      long now,
      boolean sealed,
      boolean restarted,
      long settlingUntil,
      int streak,
      long nextGrant,
      Situation.Budget budget,
      Situation.PageState page,
      LaneFairness lanes) {}

  private void head(ResultSet row) throws SQLException {
    row.next();
    head =
        new Head(
            row.getLong("now"),
            row.getBoolean("sealed"),
            row.getBoolean("restarted"),
            Restart.settlingUntil(row.getLong("quiet_until")),
            row.getInt("streak"),
            row.getLong("next_grant"),
            new Situation.Budget(
                row.getLong("committed"),
                row.getLong("held"),
                row.getLong("uncertain"),
                row.getLong("quota_limit")),
            page.isAny() ? Situation.PageState.ANY : page(row),
            new LaneFairness(
                row.getLong("interactive_until"),
                row.getLong("background_until"),
                row.getLong("background_at"),
                LaneFairness.due(policy.pace())));
  }

  private static Situation.PageState page(ResultSet row) throws SQLException {
    return new Situation.PageState(
        row.getBoolean("registered"),
        row.getBoolean("paused"),
        row.getInt("pause_reason"),
        row.getInt("token_revision"));
  }

  private void isolationCalls(ResultSet row) throws SQLException {
    row.next();
    isolationCalls = row.getLong(1);
  }

  private void retries(ResultSet row) throws SQLException {
    row.next();
    long last = row.getLong(3);
    retries =
        new Situation.Retries(
            row.getLong(1), row.getLong(2), row.wasNull() ? Long.MIN_VALUE : last);
  }

  private Situation situation() {
    Head read = Objects.requireNonNull(head);
    return new Situation(
        read.now,
        read.sealed,
        read.restarted,
        read.settlingUntil,
        read.streak,
        read.budget,
        read.page,
        Objects.requireNonNull(app).withNextGrant(read.nextGrant),
        Objects.requireNonNull(own),
        read.lanes,
        isolationCalls,
        retries);
  }
}
