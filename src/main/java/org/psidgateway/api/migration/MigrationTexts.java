package org.psidgateway.api.migration;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.admin.PrintableText;

/** What a migration may be called. */
final class MigrationTexts {
  static final int LONGEST_NAME = 200;
  static final String NAME = "must be 1 to " + LONGEST_NAME + " printable characters";
  static final String LABELS =
      "must be at most 16, with keys of 1 to 63 of a-z, 0-9, dot, dash and underscore, and values"
          + " of up to 256 printable characters";

  private static final int MOST_LABELS = 16;
  private static final int LONGEST_LABEL = 256;
  private static final Pattern KEY = Pattern.compile("[a-z0-9_.-]{1,63}");

  private MigrationTexts() {}

  static boolean isName(String name) {
    return PrintableText.is(name, LONGEST_NAME);
  }

  static boolean areLabels(Map<String, String> labels) {
    return labels.size() <= MOST_LABELS
        && labels.entrySet().stream()
            .allMatch(label -> KEY.matcher(label.getKey()).matches() && isLabel(label.getValue()));
  }

  private static boolean isLabel(@Nullable String value) {
    return value != null && (value.isEmpty() || PrintableText.is(value, LONGEST_LABEL));
  }
}
