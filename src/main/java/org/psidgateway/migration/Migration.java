package org.psidgateway.migration;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.forecast.Bottleneck;
import org.psidgateway.model.PageId;

/**
 * A migration as of one moment. Immutable.
 *
 * @param id null for a dry run
 * @param revision moves with state and settings alone
 * @param progress moves with counts
 * @param reason of the state, if it has one
 * @param effectiveDeadline the caller's own or the end of the window, whichever is first
 * @param counts null while it is uploading
 * @param bottleneck null once it has ended, and until somebody has looked
 * @param history from its first state on
 */
public record Migration(
    @Nullable MigrationId id,
    @Nullable MigrationId parentId,
    PageId page,
    Settings settings,
    String createdBy,
    long revision,
    long progress,
    Desired desired,
    State state,
    @Nullable String reason,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant effectiveDeadline,
    @Nullable Counts counts,
    double idsPerSecond,
    Eta eta,
    @Nullable Bottleneck bottleneck,
    Bill bill,
    List<Event> history) {

  /**
   * When it will be done.
   *
   * @param p50 as likely before as after it; null only with a reason
   * @param ifResumedNow instead, while it is paused or waits for a confirmation
   * @param requiredIdsPerSecond to be done by the effective deadline; null without one, and once
   *     there is nothing left to do
   */
  public record Eta(
      @Nullable Instant p50,
      @Nullable Instant p90,
      @Nullable Instant ifResumedNow,
      @Nullable String reason,
      boolean onTrack,
      @Nullable Double requiredIdsPerSecond) {}

  /**
   * What it costs.
   *
   * @param toConvert ids that were not known when the list was compared
   * @param upstreamCalls that these take
   * @param quotaRemainingAfter what would then be left; null without a quota
   * @param calls made so far
   * @param units spent so far
   * @param joined ids that others had converted by the time that it was their turn
   * @param throttledSeconds spent in cooldowns of the upstream
   * @param fill ids a call, of the most that fit; 1 before the first one
   */
  public record Bill(
      long toConvert,
      long upstreamCalls,
      @Nullable Long quotaRemainingAfter,
      long calls,
      long units,
      long duplicates,
      long known,
      long joined,
      long throttledSeconds,
      double fill) {}

  /**
   * One change of state.
   *
   * @param from null for the first
   * @param by a caller's name, or {@code gateway}
   * @param counts at that moment; null while it was uploading
   */
  public record Event(
      Instant at,
      @Nullable State from,
      State to,
      @Nullable String reason,
      String by,
      @Nullable Counts counts) {}
}
