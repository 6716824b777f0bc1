package org.psidgateway.migration.work;

import org.psidgateway.batch.Batcher;
import org.psidgateway.ops.OutageLog;
import org.psidgateway.ops.Workers;
import org.psidgateway.time.Ticker;

/**
 * What all runs of this process share.
 *
 * @param workers few, so that look-ups find connections
 * @param batchSize ids of a full call
 * @param lots that a migration has in the queue at once, each a full call
 */
record Kit(
    Batcher batcher,
    Feed feed,
    Decisions decisions,
    Canary canary,
    WorkMeters meters,
    Workers workers,
    OutageLog refused,
    Ticker ticker,
    int batchSize,
    int lots) {}
