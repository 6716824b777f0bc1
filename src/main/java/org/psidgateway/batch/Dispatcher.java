package org.psidgateway.batch;

import java.time.Duration;
import java.util.List;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.Lane;
import org.psidgateway.page.Tokens;
import org.psidgateway.trace.Tracing;
import org.psidgateway.upstream.Upstream;

/**
 * Sees to it that what is queued leaves: at once if it fills a call, else after linger. One
 * conversion per lane of a Page looks for a grant; once it has one, the next may start, so that as
 * many calls are under way as there are permits. Thread-safe.
 */
final class Dispatcher {
  private final int batchSize;
  private final Duration linger;
  private final WorkerPool pool;
  private final ConversionContext context;

  Dispatcher(
      Ledger ledger,
      Upstream upstream,
      Tokens tokens,
      CallPermits permits,
      WorkerPool pool,
      BatchMeters meters,
      Tracing tracing,
      BatchConfig config,
      RetryConfig retry) {
    this.batchSize = upstream.tariff().batchSize();
    this.linger = config.linger();
    this.pool = pool;
    this.context =
        new ConversionContext(
            ledger, upstream, tokens, permits, pool, meters, tracing, retry, this::wake);
  }

  void wake(PageQueue queue) {
    for (Lane lane : Lane.values()) {
      wake(queue, lane);
    }
  }

  void wake(PageQueue queue, Lane lane) {
    PendingId suspect = queue.takeSuspect(lane);
    if (suspect != null) {
      start(Selection.of(queue, lane, List.of(suspect)), Isolation.ofSuspect());
    }
    switch (queue.tryStart(lane, batchSize)) {
      case NOW -> start(Selection.ofLane(queue, lane), Isolation.none());
      case AFTER_LINGER ->
          pool.after(linger).subscribe().with(filled -> startAfterLinger(queue, lane));
      case NOT -> {}
    }
  }

  private void start(Selection ids, Isolation isolation) {
    new Conversion(context, ids, isolation).start();
  }

  private void startAfterLinger(PageQueue queue, Lane lane) {
    if (queue.lingered(lane)) {
      start(Selection.ofLane(queue, lane), Isolation.none());
    }
  }
}
