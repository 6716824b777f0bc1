package org.psidgateway.transfer;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What became of a file of pairs; {@code received = imported + unchanged + malformed + conflicts}.
 *
 * @param imported lines that changed what is stored
 * @param unchanged lines that said what was stored already
 * @param malformed lines without two ids
 * @param conflicts lines that contradict what is stored, which stays
 * @param problems the first {@link #MOST_PROBLEMS} malformed lines and conflicts, by line
 */
public record ImportReport(
    long received,
    long imported,
    long unchanged,
    long malformed,
    long conflicts,
    List<LineProblem> problems) {
  public static final int MOST_PROBLEMS = 1_000;

  /**
   * What is wrong with one line.
   *
   * @param line as an editor counts them; of a JSON array, the number of the item
   * @param reason {@code malformed} or {@code conflict}
   * @param detail for people; never a value
   */
  public record LineProblem(long line, String reason, String detail) {
    static LineProblem malformed(long line, String detail) {
      return new LineProblem(line, "malformed", detail);
    }

    static LineProblem conflict(long line) {
      return new LineProblem(
          line, "conflict", "another PSID is stored for this ASID, or stands on an earlier line");
    }
  }

  static ImportReport of(
      long received, long malformed, List<LineProblem> malformedLines, Merge.Counts merged) {
    List<LineProblem> problems =
        Stream.concat(malformedLines.stream(), merged.problems.stream())
            .sorted(Comparator.comparingLong(LineProblem::line))
            .limit(MOST_PROBLEMS)
            .toList();
    return new ImportReport(
        received,
        merged.imported,
        merged.merged - merged.imported - merged.conflicts,
        malformed,
        merged.conflicts,
        problems);
  }
}
