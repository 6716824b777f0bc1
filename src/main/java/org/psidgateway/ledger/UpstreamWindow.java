package org.psidgateway.ledger;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Ledger.Window;

/**
 * The time in which the upstream may be asked: until 00:00 UTC of {@code approved-on} + length, or
 * of {@code closed-on} where the app's owner closed it early.
 */
final class UpstreamWindow {
  private static final long CLOSING_DAYS = 14;

  private final @Nullable LocalDate approvedOn;
  private final @Nullable Instant closesAt;

  UpstreamWindow(WindowConfig config) {
    approvedOn = config.approvedOn().orElse(null);
    LocalDate end = approvedOn == null ? null : approvedOn.plus(config.length());
    LocalDate closedOn = config.closedOn().orElse(null);
    LocalDate first = end == null || (closedOn != null && closedOn.isBefore(end)) ? closedOn : end;
    closesAt = first == null ? null : first.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  boolean closed(long nowMicros) {
    return closesAt != null && nowMicros / 1_000_000 >= closesAt.getEpochSecond();
  }

  /** What an admin has sealed stays so, whatever the dates say. */
  Window view(Instant now, Views.End known) {
    Instant sealedAt = known.sealedAt();
    Instant end =
        closesAt == null || sealedAt != null && sealedAt.isBefore(closesAt) ? sealedAt : closesAt;
    if (end == null) {
      return new Window(Window.State.OPEN, approvedOn, null, null, known.suspected());
    }
    long seconds = now.until(end, ChronoUnit.SECONDS);
    long days = Math.max(0, (seconds + 86_399) / 86_400);
    Window.State state =
        sealedAt != null || !now.isBefore(end)
            ? Window.State.SEALED
            : days <= CLOSING_DAYS ? Window.State.CLOSING : Window.State.OPEN;
    return new Window(state, approvedOn, end, sealedAt == null ? days : 0, known.suspected());
  }
}
