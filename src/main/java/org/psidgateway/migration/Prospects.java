package org.psidgateway.migration;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.psidgateway.forecast.Bottleneck;
import org.psidgateway.forecast.Bottleneck.What;
import org.psidgateway.migration.Migration.Eta;

/**
 * When a migration will be done, and what bounds it. Its owner writes both down, some time ago by
 * now: what the row says of the state goes first, so that the two never contradict each other.
 */
record Prospects(Eta eta, @Nullable Bottleneck bottleneck) {
  private static final String NOT_YET = "not_estimated_yet";
  private static final Prospects OVER =
      new Prospects(new Eta(null, null, null, null, true, null), null);

  static Prospects read(
      ResultSet row, State state, @Nullable State next, Counts counts, @Nullable Instant deadline)
      throws SQLException {
    Instant now = row.getObject("now", OffsetDateTime.class).toInstant();
    long left = counts.remaining() + counts.inFlight();
    boolean onTrack = row.getBoolean("on_track");
    Double required = required(left, now, deadline);
    if (state.isEnd()) {
      return OVER;
    }
    if (state == State.UPLOADING) {
      return new Prospects(new Eta(null, null, null, state.wireName(), true, null), null);
    }
    State waits = next == null ? state : next;
    if (!waits.isWorking()) {
      return new Prospects(
          new Eta(
              null,
              null,
              later(MigrationRow.time(row, "eta_resumed"), now, left),
              waits.wireName(),
              onTrack,
              required),
          new Bottleneck(
              waits == State.AWAITING_CONFIRMATION ? What.CONFIRMATION : What.PAUSED, null, null));
    }
    Instant p50 = later(MigrationRow.time(row, "eta_p50"), now, left);
    Instant p90 = later(MigrationRow.time(row, "eta_p90"), now, left);
    String reason = row.getString("eta_reason");
    if (reason != null && reason.isEmpty()) {
      reason = null;
    }
    return new Prospects(
        new Eta(
            p50, p90, null, p50 == null && reason == null ? NOT_YET : reason, onTrack, required),
        bottleneck(row));
  }

  private static Bottleneck bottleneck(ResultSet row) throws SQLException {
    String what = row.getString("bottleneck");
    return new Bottleneck(
        what == null ? What.UPSTREAM_RATE : What.valueOf(what.toUpperCase(Locale.ROOT)),
        MigrationRow.time(row, "bottleneck_until"),
        row.getObject("bottleneck_position", Integer.class));
  }

  /** As long as something is left, it is not done yet. */
  private static @Nullable Instant later(@Nullable Instant time, Instant now, long left) {
    return time == null || left == 0 || time.isAfter(now) ? time : now.plusSeconds(1);
  }

  private static @Nullable Double required(long left, Instant now, @Nullable Instant deadline) {
    if (left == 0 || deadline == null || !deadline.isAfter(now)) {
      return null;
    }
    return left * 1e3 / Math.max(1, Duration.between(now, deadline).toMillis());
  }

  static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }
}
