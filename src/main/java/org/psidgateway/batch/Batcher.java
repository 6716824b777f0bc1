package org.psidgateway.batch;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Pages;
import org.psidgateway.trace.Trace;
import org.psidgateway.trace.Tracing;
import org.psidgateway.upstream.Upstream;

/**
 * Where unknown ids wait: single flight per (page, asid), one open batch per Page and lane. Callers
 * that give up stop waiting while the work goes on; no thread waits with anybody. The queue is
 * memory, not a promise: after a restart asking again queues again. Thread-safe.
 */
@Startup // its meters are there from the start
@ApplicationScoped
public class Batcher {
  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(12);

  /** Before requests under way are cut: see quarkus.shutdown.* */
  private static final Duration LAST_CALL = Duration.ofSeconds(8);

  private final Map<PageId, Desk> desks = new ConcurrentHashMap<>();
  private final Load load;
  private final Dispatcher dispatcher;
  private final Turns turns;
  private final BatchMeters meters;

  Batcher(
      Ledger ledger,
      Upstream upstream,
      Pages pages,
      MappingCache cache,
      MeterRegistry registry,
      Tracing tracing,
      BatchConfig config,
      RetryConfig retry) {
    this.load = new Load(config.maxQueued().orElseGet(BatchConfig::fitsTheHeap));
    this.turns = new Turns(upstream.concurrency());
    this.meters = new BatchMeters(registry, load, turns::taken, turns::closed);
    Settler settler =
        new Settler(ledger, upstream.concurrency(), Settler.REFUSED_PAUSE, meters.unsettled());
    this.dispatcher =
        new Dispatcher(
            ledger,
            upstream,
            pages,
            cache,
            new Guards(retry),
            turns,
            settler,
            new Landing(settler, cache, pages),
            meters,
            tracing,
            config.linger());
  }

  /**
   * Waits for every blank line of the sheet, which belongs to the ticket until that is done. Never
   * blocks, never fails: what the queue has no room for answers {@code queue_full}. The wait is
   * recorded under {@code trace}, which is linked to those of the calls that bring the answers.
   */
  public Ticket join(PageId page, Lane lane, Answers answers, Trace trace) {
    Desk desk = desks.computeIfAbsent(page, id -> new Desk(id, load, meters, turns));
    if (turns.closed()) {
      return desk.turnAway(answers, trace);
    }
    Ticket ticket = desk.join(lane, answers, trace);
    dispatcher.wake(desk, lane);
    return ticket;
  }

  /**
   * The pod is going down: no call starts any more, who waits for one is told to ask again, calls
   * under way go on. What is known is answered by others for as long as requests come.
   */
  void drain(@Observes ShutdownDelayInitiatedEvent event) {
    Log.info("Draining: unknown ids are pending from now on, calls under way are settled");
    turns.close();
    desks.values().forEach(Desk::close);
    Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(LAST_CALL)
        .subscribe()
        .with(done -> desks.values().forEach(Desk::closeAll));
  }

  /** Waits for calls under way, a bounded time: what is not settled by then stays counted. */
  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    turns.close();
    try {
      turns.idle().get(LONGEST_DRAIN.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Log.warnf("%d upstream calls could not be settled before the end", turns.taken());
    }
  }
}
