package org.psidgateway.migration.result;

import org.psidgateway.migration.list.ListVerdict;
import org.psidgateway.model.Verdict;

/** Which rows belong to a view, as a condition on a {@code part} of a list and an {@code id}. */
final class Fitting {
  private static final String FIRST = "id.line = part.line and ";

  /** The file has shown it, or left it out, when it was something else. */
  private static final String ERASED_SINCE = "id.verdict = %d and id.decided > %d";

  private Fitting() {}

  static String condition(ListView view) {
    return switch (view.view()) {
      case ORIGINAL -> "true";
      case MAPPED -> decided(view, "id.verdict > 0");
      case UNMAPPED -> decided(view, "id.verdict = " + Verdict.UNMAPPED);
      case INVALID -> decided(view, "id.verdict = " + Verdict.REJECTED) + " or part.asid is null";
      case FAILED -> decided(view, failed(view));
      case NOT_ATTEMPTED -> notAttempted(view);
    };
  }

  /** Those that belong to it, and those that were erased since its moment. */
  static String orErasedSince(ListView view) {
    return "(%s) or (%s)"
        .formatted(condition(view), ERASED_SINCE.formatted(ListVerdict.ERASED, view.asOf()));
  }

  private static String decided(ListView view, String condition) {
    return FIRST + "id.decided <= " + view.asOf() + " and " + condition;
  }

  private static String failed(ListView view) {
    return "id.verdict in (%d, %d, %d)"
        .formatted(
            ListVerdict.REFUSED_ALONE,
            ListVerdict.ERASED,
            view.ended() ? ListVerdict.UNANSWERED : ListVerdict.ERASED);
  }

  /** Of a migration that has not ended, ids whose call did not tell: they may be answered yet. */
  private static String notAttempted(ListView view) {
    if (view.ended()) {
      // What was never compared with anything has no row among the ids.
      return "part.asid is not null and (id.asid is null or "
          + FIRST
          + "(id.verdict is null or id.decided > "
          + view.asOf()
          + "))";
    }
    if (view.asOf() == ListView.BEFORE_IDS) {
      return "false";
    }
    return FIRST
        + "(id.verdict is null or id.verdict = "
        + ListVerdict.UNANSWERED
        + " or id.decided > "
        + view.asOf()
        + ")";
  }
}
