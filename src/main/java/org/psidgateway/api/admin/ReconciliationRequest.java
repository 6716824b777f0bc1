package org.psidgateway.api.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.Rfc3339;
import org.psidgateway.api.problem.BodyErrors;

/** The upstream's own count of conversions, as an admin writes it down. */
@JsonNaming(SnakeCaseStrategy.class)
record ReconciliationRequest(
    @Nullable Long committed, @Nullable String note, @Nullable String asOf) {
  private static final int LONGEST_NOTE = 500;

  /** More than anybody can have, and far from where sums overflow. */
  private static final long LARGEST = 1_000_000_000_000L;

  /**
   * What the body says, all of it there and in range.
   *
   * @param asOf null for now
   */
  record Checked(long committed, String note, @Nullable Instant asOf) {}

  /** Throws the problem of a body that is not acceptable. */
  Checked checked(Instant now) {
    BodyErrors errors = new BodyErrors();
    if (committed == null || committed < 0 || committed > LARGEST) {
      errors.add("/committed", "must be an integer from 0 to " + LARGEST);
    }
    if (note == null || !PrintableText.is(note, LONGEST_NOTE)) {
      errors.add("/note", "must be 1 to " + LONGEST_NOTE + " printable characters");
    }
    Optional<Instant> moment = Optional.ofNullable(asOf).flatMap(Rfc3339::parse);
    if (asOf != null && moment.isEmpty()) {
      errors.add("/as_of", Rfc3339.EXPECTED);
    } else if (moment.isPresent() && moment.get().isAfter(now)) {
      errors.add("/as_of", "must not be in the future");
    }
    if (committed == null || note == null || !errors.isEmpty()) {
      throw errors.toProblem();
    }
    return new Checked(committed, note, moment.orElse(null));
  }
}
