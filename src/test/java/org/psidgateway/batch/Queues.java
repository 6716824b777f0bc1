package org.psidgateway.batch;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.ManualTicker;
import org.psidgateway.testing.Tariffs;

/** Queues without a dispatcher: what is queued leaves when a test takes it. */
final class Queues {
  static final PageId PAGE = new PageId(100);

  private Queues() {}

  static PageQueue queue(Load load, ManualTicker ticker) {
    return new PageQueue(PAGE, null, context(load, pool(ticker)));
  }

  static QueueContext context(Load load, WorkerPool pool) {
    return new QueueContext(
        load,
        new BatchMeters(new SimpleMeterRegistry(), load, () -> 0, () -> false),
        new CallPermits(1, pool),
        (page, findings) -> {},
        pool,
        Tariffs.PER_BATCH);
  }

  /** Everything happens on the thread of the test. */
  static WorkerPool pool(ManualTicker ticker) {
    return new WorkerPool(Runnable::run, ticker);
  }
}
