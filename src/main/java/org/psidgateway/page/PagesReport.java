package org.psidgateway.page;

import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import org.psidgateway.ops.StartReport;

/** How many Pages there are, and for how many of them no call can be made. */
@Singleton
@Priority(StartReport.PAGES)
class PagesReport implements StartReport {
  private final PageMemory memory;

  PagesReport(PageMemory memory) {
    this.memory = memory;
  }

  @Override
  public String report() {
    return "Pages %d (%d paused, %d without a token)"
        .formatted(memory.size(), memory.paused(), memory.withoutToken());
  }
}
