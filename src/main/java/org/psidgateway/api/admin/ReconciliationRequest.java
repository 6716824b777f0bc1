package org.psidgateway.api.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.problem.BodyErrors;

/** The upstream's own count of conversions, as an admin writes it down. */
@JsonNaming(SnakeCaseStrategy.class)
record ReconciliationRequest(
    @Nullable Long committed, @Nullable String note, @Nullable String asOf) {
  private static final int LONGEST_NOTE = 500;

  /** More than anybody can have, and far from where sums overflow. */
  private static final long LARGEST = 1_000_000_000_000L;

  /** The form that RFC 3339 demands; the JDK takes more than that. */
  private static final Pattern RFC_3339 =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");

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
    Optional<Instant> moment = Optional.ofNullable(asOf).flatMap(ReconciliationRequest::parse);
    if (asOf != null && moment.isEmpty()) {
      errors.add("/as_of", "must be an RFC 3339 time, such as 2026-11-01T10:00:00Z");
    } else if (moment.isPresent() && moment.get().isAfter(now)) {
      errors.add("/as_of", "must not be in the future");
    }
    if (committed == null || note == null || !errors.isEmpty()) {
      throw errors.toProblem();
    }
    return new Checked(committed, note, moment.orElse(null));
  }

  private static Optional<Instant> parse(String text) {
    try {
      return RFC_3339.matcher(text).matches()
          ? Optional.of(OffsetDateTime.parse(text).toInstant())
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
