package org.psidgateway.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.ledger.Decision.Denied;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.limits.Limits;
import org.psidgateway.model.Fate;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.CallerNames;
import org.psidgateway.store.MappingStore;
import org.psidgateway.time.Ticker;

/** The ledger in PostgreSQL, which all pods share. */
@Startup // its meters are there from the start
@Singleton
class PostgresLedger implements Ledger {
  private final Transactions transactions;
  private final Limits limits;
  private final Reserve reserve;
  private final Settle settle;
  private final Revisits revisits;
  private final Resettlement resettlement;
  private final SpendingMeters meters;
  private final CallerMeters callerMeters;
  private final SendDeadline deadline;
  private final Ticker ticker;

  PostgresLedger(
      Transactions transactions,
      Limits limits,
      MappingStore store,
      Settle settle,
      Resettlement resettlement,
      MeterRegistry registry,
      CallerNames callers,
      Ticker ticker) {
    this.transactions = transactions;
    this.limits = limits;
    this.reserve = new Reserve(limits, store, ticker);
    this.settle = settle;
    this.revisits = new Revisits(store);
    this.resettlement = resettlement;
    this.meters = new SpendingMeters(registry);
    this.callerMeters = new CallerMeters(registry, callers);
    this.deadline = new SendDeadline(limits.shortestPeriod(), ticker);
    this.ticker = ticker;
  }

  @Override
  public Decision reserve(Request request) throws SQLException {
    long start = ticker.nanos();
    Duration sendWithin = limits.paced(request.page()) ? deadline.current() : SendDeadline.UNPACED;
    Optional<Decision> stopped =
        transactions.plain(connection -> reserve.precheck(connection, request));
    Decision decision = stopped.isPresent() ? stopped.get() : decided(request, sendWithin);
    meters.decided(decision, ticker.nanos() - start);
    return decision;
  }

  private Decision decided(Request request, Duration sendWithin) throws SQLException {
    try {
      return transactions.run(connection -> reserve.decide(connection, request, sendWithin));
    } catch (SQLException e) {
      if (!Settle.isGone(request.account(), e)) {
        throw e;
      }
      return new Denied(Fate.QUEUED, Seen.NOTHING);
    }
  }

  @Override
  public void sent(Duration after) {
    deadline.left(after);
    meters.sent();
  }

  @Override
  public void late(Granted granted) {
    Duration age = granted.age(ticker.nanos());
    deadline.late(age);
    meters.late(age, deadline.current());
  }

  @Override
  public boolean coolingDown(PageId page) throws SQLException {
    return transactions.plain(connection -> limits.coolingDown(connection, page));
  }

  @Override
  public Settled settle(Settlement settlement) throws SQLException {
    long start = ticker.nanos();
    Settled settled = settledNow(settlement);
    meters.settled(ticker.nanos() - start);
    callerMeters.settled(settlement);
    resettlement.remember(settlement);
    return settled;
  }

  private Settled settledNow(Settlement settlement) throws SQLException {
    try {
      return transactions.run(connection -> settle.in(connection, settlement, RoundTrip.opening()));
    } catch (SQLException e) {
      if (!Settle.isGone(settlement.call().account(), e)) {
        throw e;
      }
      return settledNow(settlement.withoutAccount());
    }
  }

  @Override
  public Revisit revisit(Map<UUID, long[]> awaited, Map<PageId, long[]> wanted)
      throws SQLException {
    return transactions.plain(connection -> revisits.look(connection, awaited, wanted));
  }
}
