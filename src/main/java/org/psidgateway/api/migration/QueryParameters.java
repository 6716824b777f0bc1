package org.psidgateway.api.migration;

import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.Rfc3339;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.migration.Settings;

/** What the parameters of an upload ask for. Others are ignored. */
record QueryParameters(MultivaluedMap<String, String> query) {
  private static final String LABEL = "label.";
  private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]{0,11}");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

  Settings settings() {
    return new Settings(
        name(),
        labels(),
        flag("confirm"),
        deadline(),
        whole("quota_cap", 1),
        share(),
        or(whole("canary_ids", 0), 0),
        or(ratio("canary_max_invalid_ratio"), Settings.CANARY_MAX_INVALID_RATIO),
        ratio("max_invalid_ratio"));
  }

  private @Nullable String name() {
    String name = query.getFirst("name");
    if (name != null && !MigrationTexts.isName(name)) {
      throw Problem.parameter("name", MigrationTexts.NAME);
    }
    return name;
  }

  Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>();
    query.forEach(
        (name, values) -> {
          if (name.startsWith(LABEL)) {
            labels.put(name.substring(LABEL.length()), values.get(0));
          }
        });
    if (!MigrationTexts.areLabels(labels)) {
      throw Problem.parameter("label", MigrationTexts.LABELS);
    }
    return labels;
  }

  /** A name without a value means true; null if it is not there. */
  @Nullable Boolean flag(String name) {
    String value = query.getFirst(name);
    if (value == null) {
      return null;
    }
    return switch (value) {
      case "", "true" -> true;
      case "false" -> false;
      default -> throw Problem.parameter(name, "must be true or false");
    };
  }

  /** It may have passed by now, for whoever sends the same once more. */
  private @Nullable Instant deadline() {
    String text = query.getFirst("deadline");
    return text == null
        ? null
        : Rfc3339.parse(text).orElseThrow(() -> Problem.parameter("deadline", Rfc3339.EXPECTED));
  }

  private @Nullable Long whole(String name, long least) {
    String text = query.getFirst(name);
    if (text == null) {
      return null;
    }
    long number = WHOLE.matcher(text).matches() ? Long.parseLong(text) : -1;
    if (number < least) {
      throw Problem.parameter(name, "must be a whole number of " + least + " or more");
    }
    return number;
  }

  private double share() {
    Double share = decimal("share");
    if (share != null && (share <= 0 || share > 1)) {
      throw Problem.parameter("share", "must be more than 0, and 1 at most");
    }
    return or(share, 1);
  }

  private @Nullable Double ratio(String name) {
    Double ratio = decimal(name);
    if (ratio != null && (ratio < 0 || ratio > 1)) {
      throw Problem.parameter(name, "must be 0 to 1");
    }
    return ratio;
  }

  /** -1 for what is no number. */
  private @Nullable Double decimal(String name) {
    String text = query.getFirst(name);
    if (text == null) {
      return null;
    }
    return DECIMAL.matcher(text).matches() ? Double.valueOf(text) : Double.valueOf(-1);
  }

  private static double or(@Nullable Double value, double otherwise) {
    return value == null ? otherwise : value;
  }

  private static long or(@Nullable Long value, long otherwise) {
    return value == null ? otherwise : value;
  }
}
