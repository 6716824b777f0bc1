package org.psidgateway.limits;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.limits.Objection.Denial;
import org.psidgateway.limits.Outlook.Stop;
import org.psidgateway.limits.ScopeLimits.HeldUntil;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;

/**
 * Whether a call may go out, by all limits at one moment: see {@link Limits#admission}. It counts
 * while the budget row stays locked; read without the lock it tells callers that cannot pass, so
 * that they do not queue for it. Not thread-safe.
 */
public final class Admission {
  /** Share of the pace that may be spent on finding bad ids. */
  private static final double ISOLATION_SHARE = 0.05;

  /** How often to look where units, or calls, that are under way may come back. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  /** Beyond the cap of what may be uncertain: the longest pause between two calls. */
  private static final long LONGEST_PAUSE = 300_000_000;

  private final SpendingPolicy policy;
  private final AdmissionRequest request;
  private final Situation at;

  Admission(SpendingPolicy policy, AdmissionRequest request, Situation at) {
    this.policy = policy;
    this.request = request;
    this.at = at;
  }

  /** The moment, in microseconds of {@code ledger_now()}. */
  public long now() {
    return at.now();
  }

  /** Whether PostgreSQL was started again since the last grant: see {@link Limits#heedRestart}. */
  public boolean restarted() {
    return at.restarted();
  }

  /** The revision of the Page's token. */
  public int tokenRevision() {
    return at.page().tokenRevision();
  }

  /** Whether a call granted now finds out if a throttle is over. */
  public boolean needsProbe() {
    return at.app().needsProbe() || at.own().needsProbe();
  }

  /** Whether so much is uncertain that calls go out one at a time, uncertain ids first. */
  public boolean capped() {
    return spendsQuota() && at.budget().capped(policy.quota());
  }

  /** The ids that the call may ask, if so many are free. */
  public int size(int free) {
    long room = spendsQuota() ? at.budget().room(request.lane(), policy.quota()) : free;
    return (int) Math.min(room, Math.min(free, most()));
  }

  // Beyond the cap one, doubled by each answer: a hang of days costs the cap, and one unit for each
  // call that finds out whether it is over.
  private int most() {
    int batchSize = policy.mostIds(request);
    return capped() ? Math.min(batchSize, 1 << Math.max(0, Math.min(at.streak(), 20))) : batchSize;
  }

  /** Why the call may not go out now; empty if it may. */
  public Optional<Objection> objection() {
    return denial().or(this::noRoom).or(() -> hold().map(this::objection));
  }

  private Optional<Objection> denial() {
    return refusal().map(stop -> new Denial(stop.why()));
  }

  /** Why no call is granted at all, as things stand; the quota apart. */
  Optional<Stop> refusal() {
    boolean closed = at.sealed() || policy.window().isClosed(at.now());
    if (closed && request.tariff().isWindowed() || request.tariff().isSealed()) {
      return Optional.of(new Stop(Fate.WINDOW_CLOSED, Long.MAX_VALUE));
    }
    return at.page()
        .refusal(request.tariff().pageTokens())
        .map(why -> new Stop(why, Long.MAX_VALUE))
        .or(() -> suspected(at.app().state()))
        .or(() -> suspected(at.own().state()));
  }

  private Optional<Stop> suspected(LimitState scope) {
    return scope
        .stopping(at.now())
        .filter(this::concerns)
        .map(suspicion -> new Stop(fate(suspicion), scope.suspectedUntil));
  }

  private boolean concerns(Suspicion suspicion) {
    return switch (suspicion) {
      case UPSTREAM_QUOTA_SUSPECTED -> spendsQuota();
      case WINDOW_SUSPECTED_CLOSED -> request.tariff().isWindowed();
      case APP_SECRET_REJECTED -> true;
    };
  }

  private boolean spendsQuota() {
    return request.tariff().spendsQuota();
  }

  private static Fate fate(Suspicion suspicion) {
    return switch (suspicion) {
      case UPSTREAM_QUOTA_SUSPECTED -> Fate.QUOTA_EXHAUSTED;
      case WINDOW_SUSPECTED_CLOSED -> Fate.WINDOW_CLOSED;
      case APP_SECRET_REJECTED -> Fate.APP_SECRET_REJECTED;
    };
  }

  private Optional<Objection> noRoom() {
    Situation.Budget budget = at.budget();
    QuotaPolicy quota = policy.quota();
    if (!spendsQuota() || budget.room(request.lane(), quota) > 0) {
      return Optional.empty();
    }
    if (budget.unspent(request.lane(), quota) > 0) {
      return Optional.of(new Objection.Hold(LOOK_AGAIN, Fate.QUEUED, false));
    }
    boolean reserved = budget.unspent(Lane.INTERACTIVE, quota) > 0;
    return Optional.of(new Denial(reserved ? Fate.QUOTA_RESERVED : Fate.QUOTA_EXHAUSTED));
  }

  private Objection objection(HeldUntil hold) {
    return new Objection.Hold(
        Duration.ofNanos(Math.max(1, hold.until() - at.now()) * 1000), hold.why(), hold.app());
  }

  private Optional<HeldUntil> hold() {
    long now = at.now();
    Lane lane = request.lane();
    return settling()
        .or(() -> at.app().cooldown(now))
        .or(() -> at.own().cooldown(now))
        .or(this::uncertain)
        .or(() -> at.app().pace(now, lane, at.lanes().pacedAs(now, lane)))
        .or(() -> at.own().pace(now, lane, at.lanes().pacedAs(now, lane)))
        .or(this::turn)
        .or(this::isolation)
        .or(this::retry);
  }

  /** The longest of what holds every call back, whatever the pace. */
  Optional<HeldUntil> standstill() {
    long now = at.now();
    return Stream.of(
            settling(),
            at.app().cooldown(now),
            at.own().cooldown(now),
            at.app().usageStop(now, request.lane()),
            at.own().usageStop(now, request.lane()),
            uncertain())
        .flatMap(Optional::stream)
        .max(Comparator.comparingLong(HeldUntil::until));
  }

  private Optional<HeldUntil> settling() {
    long until = at.settlingUntil();
    return until > at.now() && until <= at.now() + Restart.SETTLING.toNanos() / 1000
        ? Optional.of(new HeldUntil(until, Fate.QUEUED, true))
        : Optional.empty();
  }

  private Optional<HeldUntil> uncertain() {
    if (!capped()) {
      return Optional.empty();
    }
    long until =
        at.app().underWay() ? at.now() + LOOK_AGAIN.toNanos() / 1000 : pausedUntil(at.streak());
    return until > at.now()
        ? Optional.of(new HeldUntil(until, Fate.UPSTREAM_UNAVAILABLE, true))
        : Optional.empty();
  }

  // A second after the first call that ended uncertain, doubled for each further one of a single
  // id: larger ones date from before the cap.
  private long pausedUntil(int streak) {
    long pause = Math.min(LONGEST_PAUSE, 1_000_000L << Math.min(20, Math.max(0, -streak - 1)));
    return streak >= 0 || at.app().lastGrant() == Long.MIN_VALUE
        ? at.now()
        : Math.min(at.app().lastGrant(), at.now()) + pause;
  }

  private Optional<HeldUntil> turn() {
    long until = at.lanes().yieldUntil(at.now(), request.lane());
    return until > at.now()
        ? Optional.of(new HeldUntil(until, Fate.QUEUED, true))
        : Optional.empty();
  }

  /** Calls within a period of the pace that may be made to find bad ids. */
  static int isolationCalls(Pace pace) {
    return (int) Math.max(1, Math.ceil(pace.calls() * ISOLATION_SHARE));
  }

  private Optional<HeldUntil> isolation() {
    Pace pace = at.app().pace();
    boolean spent =
        request.isolation() && !pace.unlimited() && at.isolationCalls() >= isolationCalls(pace);
    return spent
        ? Optional.of(new HeldUntil(at.now() + pace.perMicros() / 20, Fate.QUEUED, false))
        : Optional.empty();
  }

  private Optional<HeldUntil> retry() {
    boolean spent =
        request.retry() && !needsProbe() && !at.retries().allow(policy.retryBudget(), at.now());
    long until = at.retries().last() + Situation.RETRY_ANYWAY;
    return spent
        ? Optional.of(new HeldUntil(until, Fate.UPSTREAM_UNAVAILABLE, false))
        : Optional.empty();
  }

  /** Tells other pods that this lane waits, if they would have to yield to it. */
  public void stamp(Connection connection, Objection.Hold hold) throws SQLException {
    boolean claimsASlot = // background claims none that usage or a cooldown forbids it
        hold.appWide() && (request.lane() == Lane.INTERACTIVE || hold.why() == Fate.QUEUED);
    if (claimsASlot) {
      at.lanes()
          .stamp(connection, at.now(), request.lane(), at.now() + hold.delay().toNanos() / 1000);
    }
  }

  /** The theoretical arrival time of the app's pace to keep once the call is granted. */
  public long nextGrant(int cost) {
    return policy.pace().afterGrant(at.now(), at.app().nextGrant(), cost);
  }

  /**
   * Writes the grant down in the limits of the app and the Page.
   *
   * @param cost calls that it counts as
   * @param expiry when the call has ended for certain, in microseconds
   */
  public void granted(RoundTrip trip, UUID callId, int cost, long expiry) {
    for (ScopeLimits scope : new ScopeLimits[] {at.app(), at.own()}) {
      if (scope.granted(callId, cost, at.now(), expiry)) {
        LimitStates.save(trip, scope.state());
      }
    }
  }
}
