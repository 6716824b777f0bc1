package org.psidgateway.limits;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.psidgateway.model.Tariff;
import org.psidgateway.ops.StartReport;

/** How many calls are allowed. */
@Singleton
@Priority(StartReport.PACE)
class PaceReport implements StartReport {
  private final PaceConfig pace;
  private final Tariff tariff;

  PaceReport(PaceConfig pace, Tariff tariff) {
    this.pace = pace;
    this.tariff = tariff;
  }

  @Override
  public String report() {
    return pace.calls() == 0 || tariff.isSealed()
        ? "no pace"
        : "pace %d calls in %s".formatted(pace.calls(), pace.per());
  }
}
