package org.psidgateway.forecast;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When work will be done, and what it takes.
 *
 * @param calls HTTP calls to the upstream that the work needs, without repetitions
 * @param quotaRemainingAfter what is left of the quota if every id is mapped, those that go first
 *     included; negative if it is not enough; null if the upstream has none
 * @param p50 as likely before as after it; later than now while there is anything to ask. Null only
 *     with a reason
 * @param p90 done by then in nine of ten cases; not before {@code p50}. Null only with a reason
 * @param reason why a time can't be told, as ids would answer it, or {@code window_closes_first};
 *     null if both can
 * @param bottleneck what bounds the work, or stops it
 */
public record Forecast(
    long calls,
    @Nullable Long quotaRemainingAfter,
    @Nullable Instant p50,
    @Nullable Instant p90,
    @Nullable String reason,
    Bottleneck bottleneck) {}
