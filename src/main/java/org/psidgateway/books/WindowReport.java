package org.psidgateway.books;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.psidgateway.limits.UpstreamWindow;

/**
 * The time in which the upstream may be asked. {@code approvedOn}, {@code closesAt} and {@code
 * daysRemaining} are null if no date is known.
 *
 * @param suspectedClosed whether the upstream answers as if it had been closed early
 */
public record WindowReport(
    State state,
    @Nullable LocalDate approvedOn,
    @Nullable Instant closesAt,
    @Nullable Long daysRemaining,
    boolean suspectedClosed) {
  /** Of an upstream that does not close. */
  static final WindowReport NONE = new WindowReport(State.OPEN, null, null, null, false);

  private static final long CLOSING_DAYS = 14;

  /** {@code CLOSING}: open, with 14 days or less to go. */
  public enum State {
    OPEN,
    CLOSING,
    SEALED
  }

  /** When an admin sealed the window, and whether the upstream seems to have closed it. */
  record Seal(@Nullable Instant at, boolean suspected) {
    static final Seal UNKNOWN = new Seal(null, false);
  }

  /** Closed by there being no upstream, whatever the dates say: one to come is none. */
  WindowReport sealed(Instant now) {
    return closesAt == null || closesAt.isAfter(now)
        ? new WindowReport(State.SEALED, approvedOn, null, null, false)
        : new WindowReport(State.SEALED, approvedOn, closesAt, 0L, false);
  }

  /** What an admin has sealed stays so, whatever the dates say. */
  static WindowReport of(UpstreamWindow window, Instant now, Seal seal) {
    Instant closesAt = window.closesAt();
    Instant sealedAt = seal.at();
    Instant end =
        closesAt == null || sealedAt != null && sealedAt.isBefore(closesAt) ? sealedAt : closesAt;
    if (end == null) {
      return new WindowReport(State.OPEN, window.approvedOn(), null, null, seal.suspected());
    }
    long seconds = now.until(end, ChronoUnit.SECONDS);
    long days = Math.max(0, (seconds + 86_399) / 86_400);
    State state =
        sealedAt != null || !now.isBefore(end)
            ? State.SEALED
            : days <= CLOSING_DAYS ? State.CLOSING : State.OPEN;
    return new WindowReport(
        state, window.approvedOn(), end, sealedAt == null ? days : 0, seal.suspected());
  }
}
