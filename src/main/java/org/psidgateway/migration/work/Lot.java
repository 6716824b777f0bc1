package org.psidgateway.migration.work;

import java.util.Arrays;
import org.psidgateway.migration.list.ListVerdict;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;

/** Ids of a list on their way to their answers, as many as fill a call. */
final class Lot {
  final long firstLine;
  final Answers answers;

  Lot(long firstLine, long[] asids) {
    this.firstLine = firstLine;
    this.answers = new Answers(asids);
  }

  /**
   * Ids whose verdicts are for the owner to write down: the others were, when they were settled.
   */
  Verdicts toWrite() {
    Verdicts found = new Verdicts(answers.size());
    for (int i = 0; i < answers.size(); i++) {
      Fate fate = answers.fate(i);
      if (fate == Fate.REFUSED_ALONE) {
        found.add(answers.asid(i), ListVerdict.REFUSED_ALONE);
      } else if (fate == Fate.ERASED) {
        found.add(answers.asid(i), ListVerdict.ERASED);
      } else if (fate != null
          && answers.source(i) != null
          && answers.source(i) != Source.UPSTREAM) {
        found.add(answers.asid(i), verdict(fate, answers.psid(i)));
      }
    }
    return found;
  }

  private static long verdict(Fate fate, long psid) {
    return switch (fate) {
      case MAPPED -> psid;
      case NOT_RETURNED_BY_UPSTREAM -> Verdict.UNMAPPED;
      default -> Verdict.REJECTED;
    };
  }

  /** Whether an id has no answer: it is to be asked again later. */
  boolean hasHoles() {
    return decided() < answers.size();
  }

  /** Whether nothing became of it. */
  boolean isRefused() {
    return decided() == 0;
  }

  private int decided() {
    int decided = 0;
    for (int i = 0; i < answers.size(); i++) {
      Fate fate = answers.fate(i);
      decided +=
          answers.source(i) != null || fate == Fate.REFUSED_ALONE || fate == Fate.ERASED ? 1 : 0;
    }
    return decided;
  }

  boolean has(Fate fate) {
    for (int i = 0; i < answers.size(); i++) {
      if (answers.fate(i) == fate) {
        return true;
      }
    }
    return false;
  }

  /** Parallel arrays that fill. */
  static final class Verdicts {
    private final long[] asids;
    private final long[] verdicts;
    private int size;

    Verdicts(int most) {
      asids = new long[most];
      verdicts = new long[most];
    }

    void add(long asid, long verdict) {
      asids[size] = asid;
      verdicts[size++] = verdict;
    }

    int size() {
      return size;
    }

    long[] asids() {
      return Arrays.copyOf(asids, size);
    }

    long[] verdicts() {
      return Arrays.copyOf(verdicts, size);
    }
  }
}
