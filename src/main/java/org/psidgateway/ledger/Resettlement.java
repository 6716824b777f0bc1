package org.psidgateway.ledger;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Outage;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Server;
import org.psidgateway.db.Transactions;
import org.psidgateway.time.Ticker;

/**
 * Settles once more what this pod settled lately if a different server answers than before, or if
 * this one was started anew: it may lack the last transactions. Thread-safe; one thread at a time
 * should {@link #run} it.
 */
@Singleton
class Resettlement {
  private static final Logger LOG = Logger.getLogger(Resettlement.class);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final Transactions transactions;
  private final Settle settle;
  private final RecentSettlements recent;
  private final Ticker ticker;
  private final Queue<Settlement> forgotten = new ConcurrentLinkedQueue<>();
  private final Server.Reader servers = Server.reader();
  private volatile @Nullable Server server;

  Resettlement(Transactions transactions, Settle settle, Ticker ticker) {
    this.transactions = transactions;
    this.settle = settle;
    this.recent = new RecentSettlements(ticker);
    this.ticker = ticker;
  }

  void remember(Settlement settlement) {
    recent.add(settlement);
  }

  /**
   * Takes two seconds at most; what is left then goes on with the next call.
   *
   * @return how many settlements were repeated; 0 while all is as before
   */
  int run() throws SQLException {
    Server before = server;
    Server now = transactions.plain(connection -> servers.read(connection, RoundTrip::plain));
    if (now.timeline() != 0 && !now.equals(before)) {
      forgotten.addAll(before == null ? List.of() : recent.all());
      server = now;
    } else if (now.equals(before)) {
      recent.forgetOld();
    }
    long end = ticker.nanos() + LONGEST.toNanos();
    int count = 0;
    for (Settlement next = forgotten.peek();
        next != null && ticker.nanos() - end < 0;
        next = forgotten.peek()) {
      again(next);
      forgotten.remove();
      count++;
    }
    return count;
  }

  private void again(Settlement settlement) throws SQLException {
    try {
      transactions.run(connection -> settle.again(connection, settlement, RoundTrip.opening()));
    } catch (SQLException e) {
      if (Settle.isGone(settlement.call().account(), e)) {
        again(settlement.withoutAccount());
        return;
      }
      if (Outage.is(e)) {
        throw e;
      }
      LOG.errorf("Could not re-settle a call (%s)", Outage.describe(e));
    }
  }
}
