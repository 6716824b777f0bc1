package org.psidgateway.limits;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The time in which the upstream may be asked, as configured: until 00:00 UTC of {@code
 * approved-on} plus its length, or of {@code closed-on} if the app's owner closed it early.
 *
 * @param approvedOn null if not known
 * @param closesAt null if no end is known
 */
public record UpstreamWindow(@Nullable LocalDate approvedOn, @Nullable Instant closesAt) {

  static UpstreamWindow of(WindowConfig config) {
    LocalDate approvedOn = config.approvedOn().orElse(null);
    LocalDate end = approvedOn == null ? null : approvedOn.plus(config.length());
    LocalDate closedOn = config.closedOn().orElse(null);
    LocalDate first = end == null || (closedOn != null && closedOn.isBefore(end)) ? closedOn : end;
    return new UpstreamWindow(
        approvedOn, first == null ? null : first.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  boolean isClosed(long nowMicros) {
    return closesAt != null && nowMicros / 1_000_000 >= closesAt.getEpochSecond();
  }
}
