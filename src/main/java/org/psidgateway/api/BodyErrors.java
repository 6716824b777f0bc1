package org.psidgateway.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What is wrong with a body, place by place; at most {@value #MAX} places are told. */
final class BodyErrors {
  static final int MAX = 20;

  /** Names of any other form are not repeated: they may be ids that lost their way. */
  private static final Pattern TELLABLE = Pattern.compile("[A-Za-z_][A-Za-z_-]{0,63}");

  private final List<Map<String, String>> errors = new ArrayList<>(0);

  /** The JSON Pointer of a member of the body; of the body itself where the name can't be told. */
  static String pointer(String field) {
    return TELLABLE.matcher(field).matches() ? "/" + field : "";
  }

  void add(String pointer, String detail) {
    if (errors.size() < MAX) {
      Map<String, String> error = new LinkedHashMap<>();
      error.put("pointer", pointer);
      error.put("detail", detail);
      errors.add(error);
    }
  }

  boolean isEmpty() {
    return errors.isEmpty();
  }

  Problem toProblem() {
    return Problem.of(ProblemType.MALFORMED_REQUEST, "The body is not what this call takes.")
        .with("errors", errors);
  }
}
