package org.psidgateway.limits;

import java.util.Optional;
import java.util.UUID;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;

/**
 * What the limits of the app, or of one Page, mean for the next call. Microseconds of {@code
 * ledger_now()}; {@link Long#MIN_VALUE} for a grant that never was.
 *
 * @param nextGrant theoretical arrival time of {@code pace}
 * @param bounding the arrival that bounds the next interactive call, see {@link Pace#earliest}
 * @param boundingBackground the one that bounds the next background call
 * @param underWay whether a call is granted and not over
 */
record ScopeLimits(
    LimitState state,
    Pace pace,
    long nextGrant,
    long bounding,
    long boundingBackground,
    long lastGrant,
    boolean underWay) {

  /** Those of no Page in particular: nothing stands in the way. */
  static final ScopeLimits NONE =
      new ScopeLimits(
          new LimitState(LimitState.NONE),
          Pace.UNLIMITED,
          0,
          Long.MIN_VALUE,
          Long.MIN_VALUE,
          Long.MIN_VALUE,
          false);

  /** How often to look again for the end of a call that everybody waits for. */
  private static final long LOOK_AGAIN = 100_000;

  /** Until when calls have to wait, and why. */
  record HeldUntil(long until, Fate why, boolean app) {}

  /** After a throttle: no calls at all, then one that finds out. */
  Optional<HeldUntil> cooldown(long now) {
    if (state.cooling(now)) {
      return hold(state.cooldownUntil, Fate.COOLING_DOWN);
    }
    return state.probing(now)
        ? hold(Math.min(state.probeUntil, now + LOOK_AGAIN), Fate.COOLING_DOWN)
        : Optional.empty();
  }

  /** While so much is used that background work stops, however often it might go. */
  Optional<HeldUntil> usageStop(long now, Lane lane) {
    long left = UsageThrottle.until(UsageThrottle.INTERACTIVE_ONLY, state.usage(now));
    return lane == Lane.INTERACTIVE || left == 0
        ? Optional.empty()
        : hold(now + left, Fate.COOLING_DOWN);
  }

  /** By usage and by the pace; {@code paced} is the lane whose share of the pace applies. */
  Optional<HeldUntil> pace(long now, Lane lane, Lane paced) {
    double usage = state.usage(now);
    if (usage >= UsageThrottle.ONE_AT_A_TIME && underWay) {
      return hold(now + LOOK_AGAIN, Fate.COOLING_DOWN);
    }
    long throttled = UsageThrottle.earliest(now, lane, usage, lastGrant, pace);
    long spaced =
        pace.earliest(
            now, paced, nextGrant, paced == Lane.BACKGROUND ? boundingBackground : bounding);
    long earliest = Math.max(throttled, spaced);
    return earliest <= now
        ? Optional.empty()
        : hold(earliest, throttled > spaced ? Fate.COOLING_DOWN : Fate.QUEUED);
  }

  private Optional<HeldUntil> hold(long until, Fate why) {
    return Optional.of(new HeldUntil(until, why, state.scope == LimitState.APP));
  }

  /** Without what an upstream said that was asked with the Page's own token. */
  ScopeLimits paceAlone() {
    LimitState fresh = new LimitState(state.scope);
    return new ScopeLimits(
        fresh, pace, nextGrant, bounding, boundingBackground, lastGrant, underWay);
  }

  ScopeLimits withNextGrant(long next) {
    return new ScopeLimits(state, pace, next, bounding, boundingBackground, lastGrant, underWay);
  }

  /** Whether the call granted now is the one that finds out. */
  boolean needsProbe() {
    return state.strikes > 0;
  }

  /** Writes a grant down in the state; whether that changed it. */
  boolean granted(UUID call, int cost, long now, long expiry) {
    if (needsProbe()) {
      state.probedBy(call, expiry);
    }
    boolean ownPace = state.scope != LimitState.APP && !pace.unlimited();
    if (ownPace) {
      state.nextGrant = pace.afterGrant(now, nextGrant, cost);
    }
    return ownPace || needsProbe();
  }
}
