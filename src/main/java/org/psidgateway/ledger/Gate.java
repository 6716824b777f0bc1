package org.psidgateway.ledger;

import java.time.Duration;
import java.util.Optional;
import org.psidgateway.ledger.Decision.Refused;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.ledger.Ledger.Request;
import org.psidgateway.ledger.Scope.Hold;
import org.psidgateway.ledger.Standing.Suspicion;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;

/**
 * All that a grant depends on, at one moment, and what follows from it. Times are microseconds of
 * {@code ledger_now()}. Read by {@link GateQuery}: once without a lock, so that who can't pass does
 * not queue for it, and once with the budget row locked, when it counts.
 *
 * @param sealed by an admin, for good
 * @param restarted PostgreSQL was started again since the last grant
 * @param settlingUntil pods bring what the database may have forgotten until then
 * @param streak answers in a row, or, below zero, calls in a row that ended uncertain
 * @param isolationCalls made within the window of the pace to find bad ids
 */
record Gate(
    long now,
    boolean sealed,
    boolean restarted,
    long settlingUntil,
    int streak,
    Books books,
    PageState page,
    Scope app,
    Scope own,
    Lanes lanes,
    long isolationCalls,
    Retries retries) {

  /** Share of the pace that may be spent on finding bad ids. */
  private static final double ISOLATION_SHARE = 0.05;

  /** Where units, or calls, that are under way may come back: how often to look. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  /** Beyond the cap of what may be uncertain: the longest pause between two calls. */
  private static final long LONGEST_PAUSE = 300_000_000;

  /** A retry is allowed once in so long, however few calls there are. */
  private static final long RETRY_ANYWAY = 5_000_000;

  /** The quota's units. */
  record Books(long committed, long held, long uncertain, long limit) {
    /** What this lane may still spend once all calls under way turn out to cost nothing. */
    long unspent(long floor) {
      return limit - committed - uncertain - floor;
    }
  }

  /** The Page that asks. */
  record PageState(boolean registered, boolean paused, int reason, int tokenRevision) {

    Optional<Fate> refusal() {
      if (!registered || paused) {
        return Optional.of(pauseFate());
      }
      return tokenRevision == 0 ? Optional.of(Fate.TOKEN_INVALID) : Optional.empty();
    }

    private Fate pauseFate() {
      return switch (reason) {
        case 1 -> Fate.TOKEN_INVALID;
        case 2 -> Fate.PERMISSION_DENIED;
        default -> Fate.PAGE_PAUSED;
      };
    }
  }

  /** Calls and retries of the last minute; {@code last} is the latest retry. */
  record Retries(long calls, long made, long last) {
    boolean allow(double budget, long now) {
      return made + 1 <= budget * calls || last <= now - RETRY_ANYWAY;
    }
  }

  /** Units that a call of this lane may hold; 0 or less: none. */
  long room(Lane lane, QuotaConfig quota) {
    return books.unspent(floor(lane, quota)) - books.held;
  }

  private long floor(Lane lane, QuotaConfig quota) {
    return lane == Lane.BACKGROUND ? reserveFloor(books.limit, quota) : 0;
  }

  /** What background work may not touch, in units. */
  static long reserveFloor(long limit, QuotaConfig quota) {
    return (long) Math.ceil(limit * quota.reserveFloor());
  }

  /** Whether so much is uncertain that calls go out one at a time, and small. */
  boolean capped(QuotaConfig quota) {
    return books.uncertain > books.limit * quota.uncertainCap();
  }

  /**
   * Most ids of the next call. Beyond the cap one, doubled with each answer: a hang of days costs
   * the cap, and one unit for each call that finds out whether it is over.
   */
  int callSize(int batchSize, QuotaConfig quota) {
    return capped(quota) ? Math.min(batchSize, 1 << Math.max(0, Math.min(streak, 20))) : batchSize;
  }

  /** Whether the call granted now is to find out if a throttle is over. */
  boolean needsProbe() {
    return app.needsProbe() || own.needsProbe();
  }

  /** Why the request may not pass now; empty where it may. */
  Optional<Decision> judge(Request request, Rules rules, Seen seen) {
    Optional<Fate> refusal = refusal(rules);
    if (refusal.isPresent()) {
      return Optional.of(new Refused(refusal.get(), seen));
    }
    if (room(request.lane(), rules.quota()) <= 0) {
      return Optional.of(noRoom(request.lane(), rules.quota(), seen));
    }
    return hold(request, rules).map(hold -> wait(hold, seen));
  }

  private Optional<Fate> refusal(Rules rules) {
    if (sealed || rules.window().closed(now)) {
      return Optional.of(Fate.WINDOW_CLOSED);
    }
    Optional<Fate> ofPage = page.refusal();
    return ofPage
        .or(() -> app.standing().stopping(now).map(Gate::suspected))
        .or(() -> own.standing().stopping(now).map(Gate::suspected));
  }

  private static Fate suspected(Suspicion suspicion) {
    return switch (suspicion) {
      case UPSTREAM_QUOTA_SUSPECTED -> Fate.QUOTA_EXHAUSTED;
      case WINDOW_SUSPECTED_CLOSED -> Fate.WINDOW_CLOSED;
      case APP_SECRET_REJECTED -> Fate.APP_SECRET_REJECTED;
    };
  }

  private Decision noRoom(Lane lane, QuotaConfig quota, Seen seen) {
    if (books.unspent(floor(lane, quota)) > 0) {
      return new Wait(LOOK_AGAIN, Fate.QUEUED, false, seen);
    }
    return new Refused(books.unspent(0) > 0 ? Fate.QUOTA_RESERVED : Fate.QUOTA_EXHAUSTED, seen);
  }

  private Optional<Hold> hold(Request request, Rules rules) {
    return settling()
        .or(() -> app.cooldown(now))
        .or(() -> own.cooldown(now))
        .or(() -> uncertain(rules.quota()))
        .or(() -> app.pace(now, request.lane(), lanes.pacedAs(now, request.lane())))
        .or(() -> own.pace(now, request.lane(), lanes.pacedAs(now, request.lane())))
        .or(() -> turn(request.lane()))
        .or(() -> isolation(request))
        .or(() -> retry(request, rules.retry().budget()));
  }

  private Optional<Hold> settling() {
    return settlingUntil > now && settlingUntil <= now + Restart.SETTLING.toNanos() / 1000
        ? Optional.of(new Hold(settlingUntil, Fate.QUEUED, true))
        : Optional.empty();
  }

  private Optional<Hold> uncertain(QuotaConfig quota) {
    if (!capped(quota)) {
      return Optional.empty();
    }
    long until = app.underWay() ? now + LOOK_AGAIN.toNanos() / 1000 : pausedUntil();
    return until > now
        ? Optional.of(new Hold(until, Fate.UPSTREAM_UNAVAILABLE, true))
        : Optional.empty();
  }

  // A second after the first call that ended uncertain, doubled for each further one of a single
  // id:
  // larger ones are of the time before the cap.
  private long pausedUntil() {
    long pause = Math.min(LONGEST_PAUSE, 1_000_000L << Math.min(20, Math.max(0, -streak - 1)));
    return streak >= 0 || app.lastGrant() == Long.MIN_VALUE
        ? now
        : Math.min(app.lastGrant(), now) + pause;
  }

  private Optional<Hold> turn(Lane lane) {
    long until = lanes.yieldUntil(now, lane);
    return until > now ? Optional.of(new Hold(until, Fate.QUEUED, true)) : Optional.empty();
  }

  /** Calls of a window of the pace that may be made to find bad ids. */
  static int isolationCalls(Pace pace) {
    return (int) Math.max(1, Math.ceil(pace.calls() * ISOLATION_SHARE));
  }

  private Optional<Hold> isolation(Request request) {
    Pace pace = app.pace();
    boolean spent =
        request.isolation() && !pace.unlimited() && isolationCalls >= isolationCalls(pace);
    return spent
        ? Optional.of(new Hold(now + pace.perMicros() / 20, Fate.QUEUED, false))
        : Optional.empty();
  }

  private Optional<Hold> retry(Request request, double budget) {
    return request.retry() && !needsProbe() && !retries.allow(budget, now)
        ? Optional.of(new Hold(retries.last() + RETRY_ANYWAY, Fate.UPSTREAM_UNAVAILABLE, false))
        : Optional.empty();
  }

  private Decision wait(Hold hold, Seen seen) {
    return new Wait(
        Duration.ofNanos(Math.max(1, hold.until() - now) * 1000), hold.why(), hold.app(), seen);
  }
}
