package org.psidgateway.page;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import org.psidgateway.model.Tariff;

/** How many Pages there are, and how many of them are paused. */
@Singleton
class PageMeters implements MeterBinder {
  private final PageMemory memory;
  private final Tariff tariff;

  PageMeters(PageMemory memory, Tariff tariff) {
    this.memory = memory;
    this.tariff = tariff;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("gateway.pages", memory, PageMemory::size)
        .description("Registered Pages, as known to this pod")
        .baseUnit("pages")
        .register(registry);
    Gauge.builder("gateway.pages.paused", this, PageMeters::paused)
        .description("Paused Pages, archived ones apart: no call is made for them; 0 in an archive")
        .register(registry);
  }

  /** A pause holds nothing back where nobody is asked. */
  private double paused() {
    return tariff.isSealed() ? 0 : memory.paused();
  }
}
