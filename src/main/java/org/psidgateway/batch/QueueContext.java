package org.psidgateway.batch;

import java.util.function.BiConsumer;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.time.Ticker;

/**
 * What the queues of all Pages share.
 *
 * @param load bounds them all together
 * @param cache keeps what becomes known of a Page's ids
 * @param permits asked why a lane waits
 * @param tariff whether an id is asked once for all Pages
 */
record QueueContext(
    Load load,
    BatchMeters meters,
    CallPermits permits,
    BiConsumer<PageId, Findings> cache,
    WorkerPool pool,
    Tariff tariff) {

  Ticker ticker() {
    return pool.ticker();
  }
}
