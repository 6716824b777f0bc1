package org.psidgateway.ledger;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.psidgateway.ledger.Settlement.Ending;
import org.psidgateway.time.Ticker;

/**
 * What this pod settled lately, for a database that has forgotten it: a fail-over to a standby that
 * lacks the last transactions. Settling is idempotent, so all of it may be settled again. Kept
 * until the server that took it is seen again a minute later, however long an outage lasts, and a
 * thousand at most, or 200,000 answers: 4 MB. Thread-safe.
 */
final class RecentSettlements {
  private static final long KEPT = Duration.ofSeconds(60).toNanos();
  private static final int MOST = 1_000;
  private static final int MOST_ANSWERS = 200_000;

  private record Kept(Settlement settlement, long at) {}

  private final Ticker ticker;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private int answers;

  RecentSettlements(Ticker ticker) {
    this.ticker = ticker;
  }

  synchronized void add(Settlement settlement) {
    if (settlement.ending() != Ending.UNSENT) {
      kept.addLast(new Kept(settlement, ticker.nanos()));
      answers += settlement.size();
      while (kept.size() > MOST || kept.size() > 1 && answers > MOST_ANSWERS) {
        forgetFirst();
      }
    }
  }

  private void forgetFirst() {
    answers -= kept.removeFirst().settlement.size();
  }

  /** In the order in which they were made. */
  synchronized List<Settlement> all() {
    return kept.stream().map(Kept::settlement).toList();
  }

  /**
   * The server that took them is there, unchanged: what is older than a minute has reached others.
   */
  synchronized void forgetOld() {
    long now = ticker.nanos();
    while (!kept.isEmpty() && now - kept.getFirst().at > KEPT) {
      forgetFirst();
    }
  }
}
