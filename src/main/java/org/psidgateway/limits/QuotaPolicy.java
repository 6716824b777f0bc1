package org.psidgateway.limits;

import java.util.OptionalLong;

/**
 * The app's lifetime quota, as configured.
 *
 * @param ceiling conversions, whatever the fans
 * @param fanShare share of the sum of all Pages' fans, archived Pages apart, which holds if it is
 *     lower
 * @param uncertainCap share of the quota limit that may be uncertain before only one call at a time
 *     goes
 * @param reserveFloor share of the quota limit that background work may not touch
 */
public record QuotaPolicy(long ceiling, double fanShare, double uncertainCap, double reserveFloor) {

  /** The limit in SQL; two parameters: {@link #ceiling} and {@link #fanShare}. */
  public static final String LIMIT =
      """
      least(?, (select floor(sum(fans) * ?)::bigint from page
                 where pause_reason is distinct from 'archived' having count(*) = count(fans)))
      """;

  /** The same for the fans of all Pages; empty if one of them lacks fans, or there is none. */
  public long limit(OptionalLong fans) {
    return fans.isEmpty()
        ? ceiling
        : Math.min(ceiling, (long) Math.floor(fans.getAsLong() * fanShare));
  }

  static QuotaPolicy of(QuotaConfig config) {
    return new QuotaPolicy(
        config.ceiling(), config.fanShare(), config.uncertainCap(), config.reserveFloor());
  }

  /** What background work may not touch, in units. */
  public long floor(long limit) {
    return (long) Math.ceil(limit * reserveFloor);
  }

  /** Units that may be uncertain before calls go out one at a time. */
  public double cap(long limit) {
    return limit * uncertainCap;
  }
}
