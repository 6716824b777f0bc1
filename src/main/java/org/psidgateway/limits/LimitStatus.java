package org.psidgateway.limits;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.PageId;
import org.psidgateway.time.Micros;

/**
 * What the upstream has said about the app, or about one Page, as it counts now.
 *
 * @param page null for the app
 * @param stoppedUntil no call goes out until then; null if nothing stops calls
 * @param throttles throttles in a row; not 0 until a call has found out that the cooldown is over
 * @param coolingUntil as long as the upstream asked to be left alone; null if it did not, or if
 *     that is over
 * @param usage the percentage reported last, decayed since; null if none ever was
 * @param unproven whether the upstream rejects the app's proof
 */
public record LimitStatus(
    @Nullable PageId page,
    @Nullable Instant stoppedUntil,
    @Nullable Instant coolingUntil,
    int throttles,
    @Nullable Double usage,
    boolean unproven) {

  static LimitStatus of(LimitState state, long now) {
    long until =
        Math.max(
            state.cooling(now) ? state.cooldownUntil : 0,
            state.stopping(now).isPresent() ? state.suspectedUntil : 0);
    return new LimitStatus(
        state.scope == LimitState.APP ? null : new PageId(state.scope),
        until == 0 ? null : Micros.instant(until),
        state.cooling(now) ? Micros.instant(state.cooldownUntil) : null,
        state.strikes,
        state.usage < 0 ? null : state.usage(now),
        state.unproven());
  }
}
