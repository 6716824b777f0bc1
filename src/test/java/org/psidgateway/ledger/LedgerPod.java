package org.psidgateway.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.psidgateway.db.Transactions;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.limits.Limits;
import org.psidgateway.model.PageId;
import org.psidgateway.store.MappingStore;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.time.Ticker;

/** One pod's ledger, with its periodic work done by hand. */
public final class LedgerPod implements Ledger {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Ledger ledger;
  private final Sweep sweep;
  private final Resettlement resettlement;
  final MeterRegistry registry = new SimpleMeterRegistry();

  LedgerPod(
      DataSource dataSource,
      Limits limits,
      MappingStore store,
      UncertainConfig uncertain,
      Accounts accounts,
      Ticker ticker) {
    Settle settle = new Settle(limits, uncertain, store, meters);
    Transactions transactions = new Transactions(dataSource);
    sweep = new Sweep(transactions, limits, settle, accounts);
    resettlement = new Resettlement(transactions, settle, ticker);
    ledger =
        new PostgresLedger(
            transactions,
            limits,
            store,
            settle,
            resettlement,
            registry,
            () -> Set.of(OneCaller.NAME),
            ticker);
  }

  Sweeper sweeper(MeterRegistry registry, Ticker ticker) {
    return new Sweeper(sweep, resettlement, registry, ticker);
  }

  double contradicted() {
    return meters.get("gateway.store.contradicted").counter().count();
  }

  public int sweep() throws SQLException {
    return sweep.run();
  }

  void stopSweeping() throws SQLException {
    sweep.giveUp();
  }

  public int settleAgain() throws SQLException {
    return resettlement.run();
  }

  @Override
  public Decision reserve(Request request) throws SQLException {
    return ledger.reserve(request);
  }

  @Override
  public void sent(Duration after) {
    ledger.sent(after);
  }

  @Override
  public void late(Granted granted) {
    ledger.late(granted);
  }

  @Override
  public boolean coolingDown(PageId page) throws SQLException {
    return ledger.coolingDown(page);
  }

  @Override
  public Settled settle(Settlement settlement) throws SQLException {
    return ledger.settle(settlement);
  }

  @Override
  public Revisit revisit(Map<UUID, long[]> awaited, Map<PageId, long[]> wanted)
      throws SQLException {
    return ledger.revisit(awaited, wanted);
  }
}
