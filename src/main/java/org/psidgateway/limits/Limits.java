package org.psidgateway.limits;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.lease.Lease;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;

/**
 * The limits of all pods, kept in PostgreSQL: what they say about the next call, and what they
 * learn from the end of one. Statements join a transaction of the caller's, which commits them. The
 * budget row is locked last, after claims, mappings and calls. Thread-safe.
 */
@Singleton
public class Limits {
  /** For this long after a restart of PostgreSQL nothing is given up as uncertain. */
  public static final Duration QUIET_AFTER_RESTART = Lease.TERM;

  /** The longest time between the grant of a paced call and its arrival at the upstream. */
  public static final Duration LONGEST_DEADLINE = Duration.ofSeconds(5);

  private static final String LOCK_BUDGET = "select 1 from budget for update";

  // From a clock that ran ahead and was set right.
  private static final String CLAMP_PACE =
      """
      update budget set next_grant_at = ledger_now() + ? * interval '1 microsecond'
       where next_grant_at > ledger_now() + ? * interval '1 microsecond'
      """;

  private static final String CLAMP_STATES =
      """
      update standing set usage_at = least(usage_at, ledger_now()),
             probe_until = least(probe_until, ledger_now() + interval '5 minutes')
       where usage_at > ledger_now() or probe_until > ledger_now() + interval '5 minutes'
      """;

  private static final String GIVE_BACK_PACE =
      """
      update standing set next_grant_at = next_grant_at - ? * interval '1 microsecond'
       where page_id = ?
      """;

  private static final String PACE_USED =
      """
      select coalesce(sum(cost), 0)
        from (select cost from call
               where paced and arrives_by > (select ledger_now()) - make_interval(secs => ?)
               order by arrives_by desc limit %d) latest
      """;

  private final SpendingPolicy policy;

  Limits(
      PaceConfig pace,
      PagePaceConfig pages,
      QuotaConfig quota,
      WindowConfig window,
      CooldownConfig cooldown,
      RetryBudgetConfig retry,
      Tariff tariff) {
    this.policy =
        new SpendingPolicy(
            Pace.of(pace, tariff),
            PagePaceConfig.read(pages, pace.burst(), tariff),
            QuotaPolicy.of(quota),
            UpstreamWindow.of(window),
            cooldown,
            retry.budget());
  }

  public QuotaPolicy quota() {
    return policy.quota();
  }

  public UpstreamWindow window() {
    return policy.window();
  }

  /** Whether it matters when a call for the Page leaves, which it does if there is a pace. */
  public boolean paced(PageId page) {
    return policy.paced(page);
  }

  /** The shortest period of all paces, in microseconds; empty if there is none. */
  public OptionalLong shortestPeriod() {
    return policy.shortestPeriod();
  }

  /** How far apart the app's pace spaces calls, in microseconds; 0 if there is none. */
  public long interval() {
    return policy.pace().interval();
  }

  /** Waits for the row that every grant and settlement changes, and holds it until the end. */
  public static void lockBudget(RoundTrip trip) {
    trip.query(LOCK_BUDGET, rows -> {});
  }

  /** What the limits say about a call, read after {@code before}, in one round trip with it. */
  public Admission admission(Connection connection, RoundTrip before, AdmissionRequest request)
      throws SQLException {
    return new Admission(policy, request, AdmissionQuery.read(connection, before, request, policy));
  }

  /**
   * What the limits say about calls that ask for {@code request.page()}, to come one after the
   * other; read after {@code before}, in one round trip with it.
   */
  public Outlook outlook(Connection connection, RoundTrip before, AdmissionRequest request)
      throws SQLException {
    return OutlookQuery.read(connection, before, request, policy);
  }

  /** Whether the app, or this Page, is in a cooldown by now. */
  public boolean coolingDown(Connection connection, PageId page) throws SQLException {
    List<LimitStates> read = new ArrayList<>(1);
    RoundTrip trip = RoundTrip.plain();
    LimitStates.of(trip, page.value(), read::add);
    trip.run(connection);
    LimitStates states = read.get(0);
    return states.of(LimitState.APP).cooling(states.now())
        || states.of(page.value()).cooling(states.now());
  }

  /** Reads what {@link #learn} needs, with the budget row locked. */
  public void read(RoundTrip trip, PageId page, Consumer<LimitStates> into) {
    lockBudget(trip);
    LimitStates.of(trip, page.value(), into);
  }

  /** Changes the limits as far as the call taught anything new. */
  public void learn(RoundTrip changes, LimitFeedback feedback, long grantedAt, LimitStates states) {
    feedback.apply(states, grantedAt, policy.cooldown(), changes);
  }

  /** Gives back what a call that never left had taken of the Page's own pace. */
  public void giveBack(RoundTrip trip, PageId page, int cost) {
    Pace own = policy.pace(page);
    if (!own.unlimited()) {
      trip.update(GIVE_BACK_PACE, own.interval() * cost, page.value());
    }
  }

  /**
   * After a restart of PostgreSQL, or a fail-over to another one: what it remembers of the latest
   * grants may be too little. Does nothing if it was heeded before. Locks the budget row for a
   * moment.
   */
  public void heedRestart(Connection connection) throws SQLException {
    Restart.heed(connection, policy);
  }

  /** Corrects times from a clock that ran ahead and was set right. */
  public void clamp(RoundTrip trip) {
    long period = policy.pace().perMicros();
    trip.update(CLAMP_PACE, period, period).update(CLAMP_STATES);
  }

  /** The app, and every Page that the upstream has said something about. */
  public List<LimitStatus> statuses(Connection connection) throws SQLException {
    LimitStates states = LimitStates.all(connection);
    return states.byScope().values().stream()
        .map(state -> LimitStatus.of(state, states.now()))
        .toList();
  }

  /**
   * The next call may put what is suspected to the test. A transaction of its own, begun and
   * committed here.
   */
  public void trust(Connection connection) throws SQLException {
    List<LimitStates> read = new ArrayList<>(1);
    RoundTrip locked = RoundTrip.opening();
    lockBudget(locked);
    LimitStates.all(locked, read::add);
    locked.run(connection);
    RoundTrip changed = RoundTrip.further();
    for (LimitState state : read.get(0).byScope().values()) {
      if (state.suspicion != null) {
        state.trust();
        LimitStates.save(changed, state);
      }
    }
    changed.commit().run(connection);
  }

  /** The share of the app's pace that was used within its last period; 0 if there is none. */
  public double paceUsed(Connection connection) throws SQLException {
    Pace pace = policy.pace();
    if (pace.unlimited()) {
      return 0;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(PACE_USED.formatted(pace.calls()))) {
      statement.setDouble(1, pace.perMicros() / 1e6);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1) / (double) pace.calls();
      }
    }
  }
}
