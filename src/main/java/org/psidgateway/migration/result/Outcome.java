package org.psidgateway.migration.result;

import org.jspecify.annotations.Nullable;
import org.psidgateway.migration.list.ListVerdict;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Fate.Status;
import org.psidgateway.model.Ids;
import org.psidgateway.model.Verdict;

/**
 * What became of a row.
 *
 * @param psid 0 for none
 * @param reason null for none
 */
record Outcome(long psid, String status, @Nullable String reason) {
  static final Outcome MALFORMED = of(Fate.MALFORMED);
  private static final Outcome QUEUED = of(Fate.QUEUED);
  private static final Outcome UNANSWERED = of(Fate.UPSTREAM_UNAVAILABLE);
  private static final Outcome UNMAPPED = of(Fate.NOT_RETURNED_BY_UPSTREAM);
  private static final Outcome REJECTED = of(Fate.REJECTED_BY_UPSTREAM);
  private static final Outcome REFUSED_ALONE = of(Fate.REFUSED_ALONE);
  private static final Outcome ERASED = of(Fate.ERASED);
  private static final Outcome LOST =
      new Outcome(0, Status.FAILED.wireName(), Fate.UPSTREAM_UNAVAILABLE.reason());
  private static final Outcome NOT_ATTEMPTED = new Outcome(0, "not_attempted", null);

  private static Outcome of(Fate fate) {
    return new Outcome(0, fate.status().wireName(), fate.reason());
  }

  static Outcome of(ListRow row, ListView view) {
    if (row.isErased()) {
      return ERASED;
    }
    if (row.asid() == Ids.MALFORMED) {
      return MALFORMED;
    }
    if (row.verdict() == ListRow.NONE || row.decided() > view.asOf()) {
      return view.ended() ? NOT_ATTEMPTED : QUEUED;
    }
    if (row.verdict() == ListVerdict.UNANSWERED) {
      return view.ended() ? LOST : unanswered(view);
    }
    if (row.verdict() == ListVerdict.REFUSED_ALONE) {
      return REFUSED_ALONE;
    }
    if (Verdict.isPsid(row.verdict())) {
      return new Outcome(row.verdict(), Status.MAPPED.wireName(), null);
    }
    return row.verdict() == Verdict.UNMAPPED ? UNMAPPED : REJECTED;
  }

  /** It may yet be answered, which leaves no trace of this: a file must not tell it. */
  private static Outcome unanswered(ListView view) {
    return view.asOf() == ListView.NOW ? UNANSWERED : QUEUED;
  }
}
