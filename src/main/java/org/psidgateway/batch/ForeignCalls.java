package org.psidgateway.batch;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.Source;
import org.psidgateway.ops.Workers;

/**
 * Ids that other calls are asking already, those of other pods for the most part: looks every now
 * and then whether they have been answered, or may be asked by somebody else.
 */
final class ForeignCalls {
  private static final Duration FIRST_LOOK = Duration.ofMillis(100);
  private static final Duration STORE_AWAY = Duration.ofSeconds(1);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  /** However many Pages wait while PostgreSQL hangs, they hold no more threads than these. */
  private static final int LOOKS_AT_A_TIME = 4;

  private final Ledger ledger;
  private final MappingCache cache;
  private final Consumer<Desk> wake;
  private final Workers looks = new Workers(LOOKS_AT_A_TIME);

  /**
   * @param wake called when ids are back in their queue
   */
  ForeignCalls(Ledger ledger, MappingCache cache, Consumer<Desk> wake) {
    this.ledger = ledger;
    this.cache = cache;
    this.wake = wake;
  }

  /** Tells what is known, and leaves to other calls what they are asking. */
  void take(Desk desk, Seen seen) {
    tell(desk, seen);
    seen.foreign().forEach(desk::park);
    watch(desk);
  }

  private void tell(Desk desk, Seen seen) {
    if (seen.known().size() > 0) {
      cache.keep(desk.page, seen.known());
      desk.land(seen.known(), Source.STORE);
    }
  }

  /** Plans a look, unless there is nothing to look for or one is due before that. */
  void watch(Desk desk) {
    look(desk, FIRST_LOOK);
  }

  private void look(Desk desk, Duration after) {
    int number = desk.planLook(after);
    if (number > 0) {
      Dispatcher.after(after).subscribe().with(now -> due(desk, number));
    }
  }

  private void due(Desk desk, int number) {
    if (desk.beginLook(number)) {
      Map<UUID, long[]> awaited = desk.parked();
      looks
          .call(
              System.nanoTime() + LONGEST_LOOK.toNanos(), () -> ledger.revisit(desk.page, awaited))
          .subscribe()
          .with(revisit -> seen(desk, awaited, revisit), failure -> look(desk, STORE_AWAY));
    }
  }

  private void seen(Desk desk, Map<UUID, long[]> awaited, Ledger.Revisit revisit) {
    Seen seen = revisit.seen();
    try {
      tell(desk, seen);
      desk.unpark(awaited, seen.foreign());
      wake.accept(desk);
    } finally {
      look(desk, revisit.lookAgain());
    }
  }
}
