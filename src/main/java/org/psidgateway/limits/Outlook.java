package org.psidgateway.limits;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Tariff;

/**
 * What the limits say about calls to come, at one moment: all that tells when work of a known size
 * could be done. Read without a lock; times are microseconds of {@code ledger_now()}.
 *
 * @param tariff what the calls cost
 * @param mostIds that one call carries
 * @param refusal why no call is granted at all, as things stand, the quota apart
 * @param hold until when no call is granted, whatever the pace
 * @param closesAt the end of the window; {@link Long#MAX_VALUE} if none is known
 * @param units null if the upstream has no quota
 * @param pace when calls may follow each other
 */
public record Outlook(
    long now,
    Tariff tariff,
    int mostIds,
    Optional<Stop> refusal,
    Optional<Stop> hold,
    long closesAt,
    @Nullable Units units,
    PaceOutlook pace) {

  /**
   * Why there are no calls.
   *
   * @param until when they go on, or when a probe finds out whether they may; {@link
   *     Long#MAX_VALUE} for as long as nobody changes anything
   */
  public record Stop(Fate why, long until) {}

  /**
   * What is left of the quota. Calls under way hold theirs.
   *
   * @param remaining negative if the limit was lowered below what is spent
   * @param room what the lane may spend of it
   */
  public record Units(long remaining, long room) {}
}
