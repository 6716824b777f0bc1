package org.psidgateway.batch;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Pages;
import org.psidgateway.upstream.Upstream;

/**
 * Where unknown ids wait: single flight per (page, asid), one open batch per Page and lane. Callers
 * that give up stop waiting while the work goes on; no thread waits with anybody. The queue is
 * memory, not a promise: after a restart asking again queues again. Thread-safe.
 */
@Startup // its meters are there from the start
@ApplicationScoped
public class Batcher {
  private final Map<PageId, Desk> desks = new ConcurrentHashMap<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final Dispatcher dispatcher;
  private final BatchMeters meters;
  private final int maxQueued;

  Batcher(
      Ledger ledger,
      Upstream upstream,
      Pages pages,
      MappingCache cache,
      InstantSource clock,
      MeterRegistry registry,
      BatchConfig config,
      RetryConfig retry) {
    this.maxQueued = config.maxQueued();
    this.meters = new BatchMeters(registry, queued);
    this.dispatcher =
        new Dispatcher(
            ledger,
            upstream,
            pages,
            cache,
            new Guards(upstream.concurrency(), retry),
            new Landing(ledger, cache, pages, clock),
            meters,
            config.linger());
  }

  /**
   * Waits for every blank line of the sheet, which belongs to the ticket until that is done. Never
   * blocks, never fails: what the queue has no room for answers {@code queue_full}.
   */
  public Ticket join(PageId page, Lane lane, Answers answers) {
    Desk desk = desks.computeIfAbsent(page, id -> new Desk(id, queued, maxQueued, meters));
    Ticket ticket = desk.join(lane, answers);
    dispatcher.wake(desk, lane);
    return ticket;
  }
}
