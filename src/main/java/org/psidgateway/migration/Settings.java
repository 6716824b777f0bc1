package org.psidgateway.migration;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a migration is to be run.
 *
 * @param confirm whether it waits for a confirmation; null: if more ids are to be converted than
 *     the configuration lets pass
 * @param deadline the caller's own; null for none
 * @param quotaCap most units that it may spend; null for no bound of its own
 * @param share of the pace; kept, without effect yet
 * @param canaryIds how many ids are asked first; 0 for no canary
 * @param canaryMaxInvalidRatio of the canary's ids: above it the migration pauses
 * @param maxInvalidRatio kept, without effect yet
 */
public record Settings(
    @Nullable String name,
    Map<String, String> labels,
    @Nullable Boolean confirm,
    @Nullable Instant deadline,
    @Nullable Long quotaCap,
    double share,
    long canaryIds,
    double canaryMaxInvalidRatio,
    @Nullable Double maxInvalidRatio) {
  public static final double CANARY_MAX_INVALID_RATIO = 0.5;

  public Settings {
    labels = Map.copyOf(labels);
  }

  /** Of one that is about to begin. */
  void requireTime(Instant now) {
    if (deadline != null && !deadline.isAfter(now)) {
      throw new UploadRefused(UploadRefused.Why.OVERDUE);
    }
  }
}
