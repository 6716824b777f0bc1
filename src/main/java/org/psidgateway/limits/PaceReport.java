package org.psidgateway.limits;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.psidgateway.ops.StartReport;

/** How many calls are allowed. */
@Singleton
@Priority(StartReport.PACE)
class PaceReport implements StartReport {
  private final PaceConfig pace;

  PaceReport(PaceConfig pace) {
    this.pace = pace;
  }

  @Override
  public String report() {
    return pace.calls() == 0
        ? "no pace"
        : "pace %d calls in %s".formatted(pace.calls(), pace.per());
  }
}
