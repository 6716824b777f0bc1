package org.psidgateway.batch;

import java.time.Duration;
import java.util.List;
import org.psidgateway.model.Lane;

/**
 * Sees to it that what is queued leaves: at once if it fills a call, else after linger. One
 * conversion per lane of a Page looks for a grant; once it has one, the next may start, so that as
 * many calls are under way as there are permits. Thread-safe.
 */
final class Dispatcher {
  private final ConversionContext context;
  private final Duration linger;
  private final int batchSize;

  Dispatcher(ConversionContext context, Duration linger) {
    this.context = context;
    this.linger = linger;
    this.batchSize = context.upstream.tariff().batchSize();
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
          context.pool.after(linger).subscribe().with(filled -> startAfterLinger(queue, lane));
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
