package org.psidgateway.api.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What is wrong with a body, place by place; at most {@value #MAX} places are listed. */
public final class BodyErrors {
  public static final int MAX = 20;

  /** Names of any other form are not repeated: they may be ids that lost their way. */
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z_][A-Za-z_-]{0,63}");

  private final List<Map<String, String>> errors = new ArrayList<>(0);

  /** The JSON Pointer of a member of the body; of the body itself if the name can't be repeated. */
  public static String pointer(String field) {
    return HARMLESS.matcher(field).matches() ? "/" + field : "";
  }

  public void add(String pointer, String detail) {
    if (errors.size() < MAX) {
      Map<String, String> error = new LinkedHashMap<>();
      error.put("pointer", pointer);
      error.put("detail", detail);
      errors.add(error);
    }
  }

  public boolean isEmpty() {
    return errors.isEmpty();
  }

  public Problem toProblem() {
    return Problem.of(ProblemType.MALFORMED_REQUEST, "The body is not valid for this call.")
        .with("errors", errors);
  }
}
