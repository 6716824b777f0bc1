package org.psidgateway.limits;

import java.util.Optional;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;

/**
 * All that a grant depends on, as the database has it at one moment. Times are microseconds of
 * {@code ledger_now()}.
 *
 * @param sealed by an admin, for good
 * @param restarted PostgreSQL was started again since the last grant
 * @param settlingUntil pods bring what the database may have forgotten until then
 * @param streak answers in a row, or, below zero, calls in a row that ended uncertain
 * @param app limits of the app
 * @param own limits of the Page that asks
 * @param isolationCalls made within the period of the pace to find bad ids
 */
record Situation(
    long now,
    boolean sealed,
    boolean restarted,
    long settlingUntil,
    int streak,
    Budget budget,
    PageState page,
    ScopeLimits app,
    ScopeLimits own,
    LaneFairness lanes,
    long isolationCalls,
    Retries retries) {

  /** A retry is allowed once within this time, however few calls there are. */
  static final long RETRY_ANYWAY = 5_000_000;

  /** The quota's units. */
  record Budget(long committed, long held, long uncertain, long limit) {

    /** What the lane may still spend once all calls under way turn out to cost nothing. */
    long unspent(Lane lane, QuotaPolicy quota) {
      long floor = lane == Lane.BACKGROUND ? quota.floor(limit) : 0;
      return limit - committed - uncertain - floor;
    }

    /** Units that a call of this lane may hold; 0 or less: none. */
    long room(Lane lane, QuotaPolicy quota) {
      return unspent(lane, quota) - held;
    }

    /** Whether so much is uncertain that calls go out one at a time, and small. */
    boolean capped(QuotaPolicy quota) {
      return uncertain > quota.cap(limit);
    }
  }

  /** The Page that asks; that of a call for all Pages refuses nothing. */
  record PageState(boolean registered, boolean paused, int reason, int tokenRevision) {
    static final PageState ANY = new PageState(true, false, 0, 0);

    /**
     * @param withToken whether the upstream is asked with the Page's token: else nothing that was
     *     wrong with it stands in the way
     */
    Optional<Fate> refusal(boolean withToken) {
      if (!withToken) {
        return registered && !(paused && reason == 0)
            ? Optional.empty()
            : Optional.of(Fate.PAGE_PAUSED);
      }
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
}
