package org.psidgateway.batch;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.Source;
import org.psidgateway.ops.Workers;

/**
 * Follows the ids that other calls, mostly of other pods, are asking already: checks from time to
 * time whether they have been answered, or may be asked again. Thread-safe.
 */
final class ForeignCalls {
  private static final Duration FIRST_LOOK = Duration.ofMillis(100);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  /** However many Pages wait while PostgreSQL hangs, they hold no more threads than these. */
  private static final int LOOKS_AT_A_TIME = 4;

  private final Ledger ledger;
  private final WorkerPool pool;
  private final Consumer<PageQueue> wake;
  private final Workers looks;

  /**
   * @param wake called when ids are back in their queue
   */
  ForeignCalls(Ledger ledger, WorkerPool pool, Consumer<PageQueue> wake) {
    this.ledger = ledger;
    this.pool = pool;
    this.wake = wake;
    this.looks = new Workers(LOOKS_AT_A_TIME, pool.threads(), pool.ticker());
  }

  /** Answers the known ids, and leaves to other calls the ids that they are asking. */
  void take(PageQueue queue, Seen seen) {
    answer(queue, seen);
    seen.foreign().forEach(queue::leaveTo);
    watch(queue);
  }

  private void answer(PageQueue queue, Seen seen) {
    seen.known().forEach(known -> queue.answered(known, Source.STORE));
  }

  /** Plans a look, unless there is nothing to look for, or one is due sooner. */
  void watch(PageQueue queue) {
    look(queue, FIRST_LOOK);
  }

  private void look(PageQueue queue, Duration after) {
    int number = queue.hasForeign() ? queue.looks.plan(after) : 0;
    if (number > 0) {
      pool.after(after).subscribe().with(now -> due(queue, number));
    }
  }

  private void due(PageQueue queue, int number) {
    if (queue.looks.begin(number)) {
      Map<UUID, long[]> awaited = queue.foreign();
      looks
          .call(
              pool.nanos() + LONGEST_LOOK.toNanos(),
              () -> ledger.revisit(awaited, queue.wanted(all(awaited))))
          .subscribe()
          .with(
              revisit -> seen(queue, awaited, revisit), failure -> look(queue, Pauses.STORE_AWAY));
    }
  }

  private static long[] all(Map<UUID, long[]> awaited) {
    return awaited.values().stream().flatMapToLong(LongStream::of).toArray();
  }

  private void seen(PageQueue queue, Map<UUID, long[]> awaited, Ledger.Revisit revisit) {
    Seen seen = revisit.seen();
    try {
      answer(queue, seen);
      queue.foreignEnded(awaited, seen.foreign());
      wake.accept(queue);
    } finally {
      look(queue, revisit.lookAgain());
    }
  }
}
