package org.psidgateway.api.migration;

import java.util.List;
import java.util.regex.Pattern;
import org.psidgateway.api.problem.Problem;

/** {@code Idempotency-Key}: a structured string (RFC 8941), or, as most clients send it, bare. */
final class IdempotencyKey {
  static final String HEADER = "Idempotency-Key";

  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\[\"\\\\])*)\"");
  private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");

  private IdempotencyKey() {}

  static String parse(List<String> headers) {
    if (headers.isEmpty()) {
      throw Problem.parameter(
          HEADER,
          "is required: a new text for each list, such as a UUID, and the same one if the list is"
              + " sent again. With it no list is converted twice");
    }
    String text = headers.get(0).strip();
    if (text.startsWith("\"")) {
      text =
          QUOTED.matcher(text).matches()
              ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1")
              : "";
    }
    if (headers.size() > 1 || !KEY.matcher(text).matches()) {
      throw Problem.parameter(HEADER, "must be one text of 1 to 255 visible ASCII characters");
    }
    return text;
  }
}
