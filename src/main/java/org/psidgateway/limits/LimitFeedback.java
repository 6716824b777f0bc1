package org.psidgateway.limits;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;

/**
 * What the end of a call teaches all pods about the upstream's limits.
 *
 * @param page {@link PageId#ANY} if it was asked with the app's token, so that nothing that the
 *     upstream says concerns one Page
 * @param usage percentages that the answer reported
 */
public record LimitFeedback(UUID callId, PageId page, Signal signal, Usage usage) {
  private static final double JITTER = 0.1;

  /**
   * Whether there may be anything to learn; most calls say nothing new.
   *
   * @param probe whether the call was to find out if a throttle is over
   */
  public boolean mayChange(boolean probe) {
    return probe
        || !usage.equals(Usage.UNKNOWN)
        || signal.kind() != Signal.Kind.NOTHING && signal.kind() != Signal.Kind.PASSED;
  }

  /** Changes the states as far as the call taught anything new. The budget row is locked. */
  void apply(LimitStates states, long grantedAt, CooldownConfig config, RoundTrip changes) {
    LimitState app = states.of(LimitState.APP);
    LimitState own = page.isAny() ? new LimitState(LimitState.NONE) : states.of(page.value());
    List<Object> appBefore = LimitStates.values(app);
    List<Object> ownBefore = LimitStates.values(own);
    long now = states.now();
    app.reported(usage.app(), now);
    own.reported(usage.page(), now);
    if (signal.isThrottle()) {
      throttled(now, grantedAt, config, app, own);
    } else {
      probed(now, app, own);
      openOrClosed(now, app, own);
    }
    if (!appBefore.equals(LimitStates.values(app))) {
      LimitStates.save(changes, app);
    }
    if (!page.isAny() && !ownBefore.equals(LimitStates.values(own))) {
      LimitStates.save(changes, own);
    }
  }

  private void throttled(
      long now, long grantedAt, CooldownConfig config, LimitState app, LimitState own) {
    long wait = signal.regainAfter().map(d -> d.toNanos() / 1000).orElse(0L);
    double jitter = 1 + ThreadLocalRandom.current().nextDouble(JITTER); // never earlier than asked
    LimitState struck = signal.appWide() ? app : own;
    struck.throttled(callId, grantedAt, now, wait, config, jitter);
    (signal.appWide() ? own : app).undecided(callId);
  }

  private void probed(long now, LimitState app, LimitState own) {
    if (signal.kind() == Signal.Kind.NOTHING) {
      app.undecided(callId);
      own.undecided(callId);
    } else {
      app.passed(callId, now);
      own.passed(callId, now);
    }
  }

  private void openOrClosed(long now, LimitState app, LimitState own) {
    switch (signal.kind()) {
      case OPEN -> {
        app.open();
        own.open();
      }
      case RETIRED -> app.retired(now);
      case DENIED -> app.denied(own.scope, now);
      case UNPROVEN -> unproven(now, app, own);
      default -> {}
    }
  }

  /**
   * The app's trouble, since its secret signs for all Pages; unless others have been answered since
   * this Page was refused: then its token belongs to another app.
   */
  private static void unproven(long now, LimitState app, LimitState own) {
    if (own.unproven() && !app.unproven()) {
      own.unproven(now, LimitState.PROOF_OF_ONE_PAGE);
    } else {
      own.unproven(now, LimitState.PROOF);
      app.unproven(now, LimitState.PROOF);
    }
  }
}
