package org.psidgateway.api.problem;

import java.util.regex.Pattern;

/** The {@code instance} of a problem: the path of the request without anything about a person. */
final class RedactedPath {
  private static final Pattern PERSON =
      Pattern.compile("/(mappings|people)/(?!(?:resolve|import)(?:/|$))[^/]+");
  private static final Pattern NUMBER = Pattern.compile("(?<!^/v1/pages)/[^/]*[0-9]{5}[^/]*");

  private RedactedPath() {}

  /** {@code path} with placeholders for ids; the id of a Page may stay where one belongs. */
  static String of(String path) {
    String withoutPeople = PERSON.matcher(path).replaceAll("/$1/{asid}");
    return NUMBER.matcher(withoutPeople).replaceAll("/{id}");
  }
}
