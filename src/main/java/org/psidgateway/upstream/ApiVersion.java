package org.psidgateway.upstream;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the Graph API, such as {@code v6.0}. */
record ApiVersion(int major, int minor) {
  private static final Pattern FORM = Pattern.compile("v(\\d{1,4})\\.(\\d{1,4})");

  /** The version that {@code text} names, or empty if it does not have the form of one. */
  static Optional<ApiVersion> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  boolean isBefore(ApiVersion other) {
    return major < other.major || major == other.major && minor < other.minor;
  }

  @Override
  public String toString() {
    return "v" + major + "." + minor;
  }
}
