package org.psidgateway.ledger;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The time in which the upstream may be asked. All but {@code state} are null where no date is
 * configured.
 */
public record WindowView(
    State state,
    @Nullable LocalDate approvedOn,
    @Nullable Instant closesAt,
    @Nullable Long daysRemaining) {

  /** {@code CLOSING}: open, with 14 days or less to go. */
  public enum State {
    OPEN,
    CLOSING,
    SEALED
  }
}
