package org.psidgateway.batch;

import java.util.function.BiConsumer;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.time.Ticker;

/**
 * What the queues of all Pages share.
 *
 * @param load bounds them all together
 * @param cache keeps what becomes known of a Page's ids
 * @param permits asked why a lane waits
 */
record QueueContext(
    Load load,
    BatchMeters meters,
    CallPermits permits,
    BiConsumer<PageId, Findings> cache,
    WorkerPool pool) {

  Ticker ticker() {
    return pool.ticker();
  }
}
