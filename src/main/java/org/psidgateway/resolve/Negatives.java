package org.psidgateway.resolve;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;

/**
 * The lines of a sheet that say an id has no PSID, put aside until it is known whether the id is a
 * PSID itself.
 */
final class Negatives {
  private final Answers answers;
  private final long[] verdicts;
  private final @Nullable Source[] sources;

  /** Takes them off the sheet: their lines are blank from now on. */
  Negatives(Answers answers) {
    this.answers = answers;
    this.verdicts = new long[answers.size()];
    this.sources = new Source[answers.size()];
    for (int i = 0; i < verdicts.length; i++) {
      if (answers.isNegative(i)) {
        verdicts[i] =
            answers.fate(i) == Fate.REJECTED_BY_UPSTREAM ? Verdict.REJECTED : Verdict.UNMAPPED;
        sources[i] = answers.source(i);
        answers.erase(i);
      }
    }
  }

  static boolean anyOn(Answers answers) {
    for (int i = 0; i < answers.size(); i++) {
      if (answers.isNegative(i)) {
        return true;
      }
    }
    return false;
  }

  /** Writes them again if the line is still blank. */
  void putBack() {
    for (int i = 0; i < verdicts.length; i++) {
      if (verdicts[i] != Verdict.UNKNOWN) {
        answers.answer(i, verdicts[i], Objects.requireNonNull(sources[i]));
      }
    }
  }
}
