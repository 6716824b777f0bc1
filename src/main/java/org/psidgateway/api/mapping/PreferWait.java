package org.psidgateway.api.mapping;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.StoreCalls;

/**
 * How long a caller is willing to wait: {@code Prefer: wait=N} (RFC 7240). The first well-formed
 * {@code wait} counts, a malformed one is ignored.
 *
 * @param asked whether the caller named a time, so that {@code Preference-Applied} is due
 */
public record PreferWait(int seconds, boolean asked) {
  private static final int MAX = 30;
  static final PreferWait DEFAULT = new PreferWait((int) StoreCalls.PATIENCE.toSeconds(), false);

  /** What the {@code Prefer} headers of a request say. Never throws. */
  public static PreferWait of(@Nullable List<String> preferHeaders) {
    if (preferHeaders == null) {
      return DEFAULT;
    }
    for (String header : preferHeaders) {
      for (String preference : header.split(",", -1)) {
        int seconds = waitOf(preference);
        if (seconds >= 0) {
          return new PreferWait(seconds, true);
        }
      }
    }
    return DEFAULT;
  }

  /** The clamped seconds of a {@code wait} preference, or -1. */
  private static int waitOf(String preference) {
    String withoutParameters = preference.split(";", 2)[0];
    String[] nameAndValue = withoutParameters.split("=", 2);
    if (nameAndValue.length < 2
        || !nameAndValue[0].strip().toLowerCase(Locale.ROOT).equals("wait")) {
      return -1;
    }
    String value = nameAndValue[1].strip();
    if (value.length() > 2 && value.startsWith("\"") && value.endsWith("\"")) {
      value = value.substring(1, value.length() - 1);
    }
    if (value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    String significant = value.replaceFirst("^0+(?=.)", "");
    return significant.length() > 2 ? MAX : Math.min(MAX, Integer.parseInt(significant));
  }

  public Duration duration() {
    return Duration.ofSeconds(seconds);
  }

  public String applied() {
    return "wait=" + seconds;
  }
}
