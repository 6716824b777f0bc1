package org.psidgateway.api.problem;

import java.util.Set;
import java.util.regex.Pattern;
import org.psidgateway.model.PageId;

/**
 * The {@code instance} of a problem: the path of the request without anything about a person. A
 * valid URI reference, whatever the path.
 */
final class RedactedPath {
  private static final String LEFT_OUT = "-";

  /** Behind these stands the id of a person, unless it is one of the calls. */
  private static final Set<String> BEFORE_PEOPLE = Set.of("mappings", "people");

  private static final Set<String> CALLS = Set.of("resolve", "import");

  /** No digit, and nothing that would have to be encoded. */
  private static final Pattern PLAIN = Pattern.compile("v[0-9]|[A-Za-z._~-]*");

  private RedactedPath() {}

  /** {@code path} with {@code -} in place of ids; the id of a Page may stay where one belongs. */
  static String of(String path) {
    StringBuilder redacted = new StringBuilder();
    String before = "";
    for (String part : path.replaceFirst("^/+", "").split("/", -1)) {
      boolean isPerson = BEFORE_PEOPLE.contains(before) && !CALLS.contains(part);
      boolean isPage = redacted.toString().equals("/v1/pages") && PageId.parse(part).isPresent();
      boolean stays = isPage || !isPerson && PLAIN.matcher(part).matches();
      redacted.append('/').append(stays || part.isEmpty() ? part : LEFT_OUT);
      before = part;
    }
    return redacted.toString();
  }
}
