package org.psidgateway.page;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;

/** How many Pages there are, and how many of them are paused. */
@Singleton
class PageMeters implements MeterBinder {
  private final PageMemory memory;

  PageMeters(PageMemory memory) {
    this.memory = memory;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("gateway.pages", memory, PageMemory::size)
        .description("Registered Pages, as known to this pod")
        .baseUnit("pages")
        .register(registry);
    Gauge.builder("gateway.pages.paused", memory, PageMemory::paused)
        .description("Paused Pages, archived ones apart: no call is made for them")
        .register(registry);
  }
}
