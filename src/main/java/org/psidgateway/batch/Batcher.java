package org.psidgateway.batch;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.ledger.Account;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Pages;
import org.psidgateway.page.Tokens;
import org.psidgateway.time.Ticker;
import org.psidgateway.trace.Trace;
import org.psidgateway.trace.Tracing;
import org.psidgateway.upstream.Upstream;

/**
 * Unknown ids wait here: single flight per (page, asid), one open batch per Page and lane; or,
 * where the upstream answers for all Pages at once, per asid, and one for all of them; and a batch
 * of its own for each migration. Callers that give up stop waiting, while the work goes on; no wait
 * holds a thread. The queue is memory, not a promise: after a restart, asking again queues again.
 * Thread-safe.
 */
@Startup // its meters are there from the start
@Singleton
public class Batcher {
  private static final Logger LOG = Logger.getLogger(Batcher.class);
  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(12);

  /** Requests that still wait after this long are ended, before Quarkus cuts them off. */
  private static final Duration LAST_CALL = Duration.ofSeconds(8);

  private final Map<QueueKey, PageQueue> queues = new ConcurrentHashMap<>();
  private final Load load;
  private final WorkerPool pool;
  private final CallPermits permits;
  private final QueueContext context;
  private final Dispatcher dispatcher;

  @Inject
  Batcher(
      Ledger ledger,
      Upstream upstream,
      Pages pages,
      MappingCache cache,
      MeterRegistry registry,
      Tracing tracing,
      BatchConfig config,
      RetryConfig retry,
      Ticker ticker) {
    this(
        ledger,
        upstream,
        pages,
        cache::keep,
        registry,
        tracing,
        config,
        retry,
        new WorkerPool(task -> Infrastructure.getDefaultExecutor().execute(task), ticker));
  }

  Batcher(
      Ledger ledger,
      Upstream upstream,
      Tokens tokens,
      BiConsumer<PageId, Findings> cache,
      MeterRegistry registry,
      Tracing tracing,
      BatchConfig config,
      RetryConfig retry,
      WorkerPool pool) {
    this.pool = pool;
    this.load = new Load(config.maxQueued().orElseGet(BatchConfig::fitsTheHeap));
    this.permits = new CallPermits(upstream.concurrency(), pool);
    BatchMeters meters = new BatchMeters(registry, load, permits::taken, permits::isClosed);
    this.context = new QueueContext(load, meters, permits, cache, pool, upstream.tariff());
    this.dispatcher =
        new Dispatcher(
            new ConversionContext(
                ledger, upstream, tokens, permits, pool, meters, tracing, retry, this::wake),
            config.linger());
  }

  /**
   * @param account null for callers who wait
   */
  private record QueueKey(PageId scope, @Nullable Account account) {}

  private void wake(PageQueue queue) {
    dispatcher.wake(queue);
  }

  /**
   * Waits for every open line of {@code answers}, which belong to the ticket until that is done.
   * Never blocks, never fails: ids that the queue has no room for answer {@code queue_full}. The
   * wait is recorded under {@code trace}, which is linked to the traces of the calls that bring the
   * answers.
   *
   * @param caller whom the ledger names for the ids that nobody waits for yet
   */
  public Ticket join(PageId page, Lane lane, String caller, Answers answers, Trace trace) {
    return join(page, null, lane, caller, answers, trace);
  }

  /**
   * The same for ids of a migration, which wait in a queue of their own, so that its calls carry no
   * others: whoever else asks for them meanwhile is told by the ledger, as in another pod.
   */
  public Ticket join(PageId page, Account account, Answers answers) {
    return join(page, account, Lane.BACKGROUND, account.caller(), answers, Trace.NONE);
  }

  /** Nothing more comes from this account. What it has queued is refused, or ends by itself. */
  public void leave(PageId page, Account account) {
    queues.remove(new QueueKey(context.tariff().scope(page), account));
  }

  private Ticket join(
      PageId page,
      @Nullable Account account,
      Lane lane,
      String caller,
      Answers answers,
      Trace trace) {
    PageQueue queue =
        queues.computeIfAbsent(
            new QueueKey(context.tariff().scope(page), account),
            key -> new PageQueue(key.scope(), account, context));
    if (permits.isClosed()) {
      return Ticket.turnedAway(page, caller, answers, queue, pool, trace);
    }
    Ticket ticket = queue.join(page, lane, caller, answers, trace);
    dispatcher.wake(queue, lane);
    return ticket;
  }

  /**
   * How many more ids of migrations this pod's queue takes at this moment, for all Pages together:
   * they feed them in as there is room, and half of it all is left to callers.
   */
  public int room() {
    return permits.isClosed() ? 0 : Math.max(0, load.room() - load.most() / 2);
  }

  /** Most calls of this pod that may be under way at once. */
  public int concurrency() {
    return permits.concurrency();
  }

  /**
   * The pod is going down: no call starts any more, callers that wait for one are to ask again, and
   * calls under way go on. What is known is answered for as long as requests come.
   */
  void drain(@Observes ShutdownDelayInitiatedEvent event) {
    LOG.info("Draining: unknown ids are pending from now on, calls under way are settled");
    queues.values().forEach(queue -> queue.close(false)); // conversions then find nothing to start
    permits.close();
    queues.values().forEach(queue -> queue.close(false)); // callers that came in between
    pool.after(LAST_CALL)
        .subscribe()
        .with(due -> queues.values().forEach(queue -> queue.close(true)));
  }

  /** Waits for calls under way, for a bounded time: calls not settled by then stay counted. */
  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    permits.close();
    try {
      permits.idle().get(LONGEST_DRAIN.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warnf("%d upstream calls could not be settled before the end", permits.taken());
    }
  }
}
