package org.psidgateway.api.transfer;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.psidgateway.transfer.ImportReport;

/** What became of an imported file. */
@JsonNaming(SnakeCaseStrategy.class)
record ImportBody(
    long received,
    long imported,
    long unchanged,
    long malformed,
    long conflicts,
    List<LineProblem> problems) {

  /** What is wrong with one line. */
  record LineProblem(long line, String reason, String detail) {}

  static ImportBody of(ImportReport report) {
    return new ImportBody(
        report.received(),
        report.imported(),
        report.unchanged(),
        report.malformed(),
        report.conflicts(),
        report.problems().stream()
            .map(problem -> new LineProblem(problem.line(), problem.reason(), problem.detail()))
            .toList());
  }
}
