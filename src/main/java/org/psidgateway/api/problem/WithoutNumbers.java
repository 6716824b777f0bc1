package org.psidgateway.api.problem;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A failure as it may be logged. Messages quote what was sent or stored, so ids of people among it:
 * every number in them becomes {@code #}. Traces and causes stay.
 */
final class WithoutNumbers extends Throwable {
  private static final long serialVersionUID = 1L;
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final int MOST_CAUSES = 10;

  private WithoutNumbers(Throwable original, @Nullable Throwable cause) {
    super(
        original.getClass().getName()
            + ": "
            + NUMBER.matcher(String.valueOf(original.getMessage())).replaceAll("#"),
        cause);
    setStackTrace(original.getStackTrace());
  }

  static Throwable of(Throwable failure) {
    return of(failure, MOST_CAUSES);
  }

  private static WithoutNumbers of(Throwable failure, int causes) {
    Throwable cause = failure.getCause();
    return new WithoutNumbers(failure, cause == null || causes == 0 ? null : of(cause, causes - 1));
  }

  @Override
  public String toString() {
    return String.valueOf(getMessage());
  }
}
