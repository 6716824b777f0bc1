package org.psidgateway.api.migration;

import com.fasterxml.jackson.annotation.JsonSetter;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.Rfc3339;
import org.psidgateway.api.problem.BodyErrors;
import org.psidgateway.migration.Change;
import org.psidgateway.migration.Desired;

/**
 * What to change. Not a record: what is absent keeps its value, while a null clears {@code name},
 * {@code deadline} and {@code quota_cap}.
 */
final class MigrationPatch {
  private static final long LARGEST_CAP = 1_000_000_000_000L;

  private @Nullable String desired;
  private @Nullable Optional<String> name;
  private @Nullable Optional<String> deadline;
  private @Nullable Optional<Long> quotaCap;
  private @Nullable Double share;
  private @Nullable Map<String, String> labels;

  @JsonSetter("desired_state")
  void setDesired(@Nullable String value) {
    desired = value;
  }

  @JsonSetter("name")
  void setName(@Nullable String value) {
    name = Optional.ofNullable(value);
  }

  @JsonSetter("deadline")
  void setDeadline(@Nullable String value) {
    deadline = Optional.ofNullable(value);
  }

  @JsonSetter("quota_cap")
  void setQuotaCap(@Nullable Long value) {
    quotaCap = Optional.ofNullable(value);
  }

  @JsonSetter("share")
  void setShare(@Nullable Double value) {
    share = value;
  }

  @JsonSetter("labels")
  void setLabels(@Nullable Map<String, String> value) {
    labels = value;
  }

  Change checked(Instant now) {
    BodyErrors errors = new BodyErrors();
    Optional<Desired> wanted =
        Arrays.stream(Desired.values()).filter(one -> one.wireName().equals(desired)).findFirst();
    if (desired != null && wanted.isEmpty()) {
      errors.add("/desired_state", "must be running, paused or cancelled");
    }
    if (name != null && name.isPresent() && !MigrationTexts.isName(name.get())) {
      errors.add("/name", MigrationTexts.NAME);
    }
    if (quotaCap != null
        && quotaCap.isPresent()
        && (quotaCap.get() < 1 || quotaCap.get() > LARGEST_CAP)) {
      errors.add("/quota_cap", "must be a whole number of 1 or more");
    }
    if (share != null && !(share > 0 && share <= 1)) {
      errors.add("/share", "must be more than 0, and 1 at most");
    }
    if (labels != null && !MigrationTexts.areLabels(labels)) {
      errors.add("/labels", MigrationTexts.LABELS);
    }
    Optional<Instant> end = deadline(errors, now);
    if (!errors.isEmpty()) {
      throw errors.toProblem();
    }
    return new Change(wanted.orElse(null), name, end, quotaCap, share, labels);
  }

  private @Nullable Optional<Instant> deadline(BodyErrors errors, Instant now) {
    if (deadline == null || deadline.isEmpty()) {
      return deadline == null ? null : Optional.empty();
    }
    Optional<Instant> end = Rfc3339.parse(deadline.get());
    if (end.isEmpty()) {
      errors.add("/deadline", Rfc3339.EXPECTED);
    } else if (!end.get().isAfter(now)) {
      errors.add("/deadline", "must lie in the future");
    }
    return end;
  }
}
