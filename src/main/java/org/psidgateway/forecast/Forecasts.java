package org.psidgateway.forecast;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.limits.AdmissionRequest;
import org.psidgateway.limits.Limits;
import org.psidgateway.limits.Outlook;
import org.psidgateway.model.Lane;
import org.psidgateway.model.Tariff;
import org.psidgateway.upstream.Upstream;

/**
 * Tells when work would be done if it began now: read without a lock, in one round trip, and
 * nothing is kept. Thread-safe.
 */
@Singleton
public final class Forecasts {
  private final Transactions transactions;
  private final Limits limits;
  private final Tariff tariff;
  private final int concurrency;

  @Inject
  Forecasts(Transactions transactions, Limits limits, Upstream upstream) {
    this(transactions, limits, upstream.tariff(), upstream.concurrency());
  }

  /**
   * @param concurrency calls that a pod may have under way; how many pods there are is not known,
   *     so that one is reckoned with
   */
  Forecasts(Transactions transactions, Limits limits, Tariff tariff, int concurrency) {
    this.transactions = transactions;
    this.limits = limits;
    this.tariff = tariff;
    this.concurrency = concurrency;
  }

  /**
   * The forecast as things stand. Blocks; takes part in no transaction of the caller's.
   *
   * @throws SQLException while PostgreSQL is away
   */
  public Forecast of(Work work) throws SQLException {
    return transactions.plain(connection -> model(connection, work)).forecast();
  }

  private ForwardModel model(Connection connection, Work work) throws SQLException {
    List<RecentCalls> recent = new ArrayList<>(1);
    RoundTrip trip = RoundTrip.plain();
    RecentCallsQuery.add(trip, work.page(), recent::add);
    Outlook outlook = limits.outlook(connection, trip, request(work));
    return new ForwardModel(work, outlook, recent.get(0), slots(work.lane()));
  }

  private AdmissionRequest request(Work work) {
    return new AdmissionRequest(work.page(), work.lane(), tariff, tariff.batchSize(), false, false);
  }

  /** Background leaves one to interactive, if there are several. */
  private int slots(Lane lane) {
    return lane == Lane.BACKGROUND ? Math.max(1, concurrency - 1) : concurrency;
  }
}
