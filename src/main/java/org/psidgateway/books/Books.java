package org.psidgateway.books;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.limits.Limits;
import org.psidgateway.limits.QuotaPolicy;
import org.psidgateway.model.Tariff;
import org.psidgateway.time.Micros;

/**
 * What was spent and what holds spending back, for operators: read without a lock, and corrected.
 * Every method but {@link #window}, {@link #quotaLimit} and {@link #lastPaceUsed} throws {@link
 * SQLException} while PostgreSQL is away. All block, none takes part in a transaction of the
 * caller's. Thread-safe.
 */
@Singleton
public class Books {
  private static final String QUOTA =
      """
      select b.committed, b.held, b.uncertain, %s,
             s.suspicion = 'upstream_quota_suspected'
        from budget b join standing s on s.page_id = 0
      """
          .formatted(QuotaPolicy.LIMIT);

  private static final String CONVERTED =
      """
      select b.matched + (select coalesce(sum(returned), 0)::bigint from call where spends)
        from budget b
      """;

  private static final String END =
      """
      select micros(b.sealed_at), s.suspicion = 'window_suspected_closed'
        from budget b join standing s on s.page_id = 0
      """;

  private static final String SEAL =
      "update budget set sealed_at = coalesce(sealed_at, ledger_now())";

  private final Transactions transactions;
  private final Limits limits;
  private final Tariff tariff;
  private final InstantSource clock;
  private volatile double lastPaceUsed;
  private volatile WindowReport.Seal seal = WindowReport.Seal.UNKNOWN;

  Books(Transactions transactions, Limits limits, Tariff tariff, InstantSource clock) {
    this.tariff = tariff;
    this.transactions = transactions;
    this.limits = limits;
    this.clock = clock;
  }

  /** The quota as it stands. */
  public QuotaReport quota() throws SQLException {
    return transactions.plain(this::readQuota);
  }

  private QuotaReport readQuota(Connection connection) throws SQLException {
    QuotaPolicy policy = limits.quota();
    try (PreparedStatement statement = connection.prepareStatement(QUOTA)) {
      statement.setLong(1, policy.ceiling());
      statement.setDouble(2, policy.fanShare());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long committed = row.getLong(1);
        long held = row.getLong(2);
        long uncertain = row.getLong(3);
        long limit = row.getLong(4);
        return tariff.spendsQuota()
            ? new QuotaReport(
                limit,
                committed,
                held,
                uncertain,
                limit - committed - held - uncertain,
                policy.floor(limit),
                row.getBoolean(5))
            : new QuotaReport(null, committed, held, uncertain, null, null, false);
      }
    }
  }

  /** All PSIDs that an upstream ever returned here, whichever it was. */
  public long converted() throws SQLException {
    long[] sum = {0};
    transactions.plain(
        connection -> {
          RoundTrip.plain()
              .query(
                  CONVERTED,
                  row -> {
                    row.next();
                    sum[0] = row.getLong(1);
                  })
              .run(connection);
          return sum;
        });
    return sum[0];
  }

  /** Up to {@code limit} entries with numbers below {@code before}, latest first. */
  public List<LedgerEntry> entries(long before, int limit) throws SQLException {
    return transactions.plain(connection -> Entries.read(connection, before, limit));
  }

  /** Who spent how much by calls granted since then, the largest part first. */
  public List<CallerSpending> callers(Instant since) throws SQLException {
    return transactions.plain(connection -> Spenders.read(connection, since));
  }

  /**
   * The quota limit that follows from the fans of all Pages; empty if one of them lacks fans, or
   * there is none. Never blocks.
   */
  public long quotaLimit(OptionalLong fans) {
    return limits.quota().limit(fans);
  }

  /**
   * Writes down the upstream's own count of conversions, and clears the uncertain units of calls
   * before it. Calls under way stay held; calls settled after {@code asOf} are added to the figure.
   *
   * @param asOf the moment of the figure; null for now
   */
  public LedgerEntry.Reconciliation reconcile(
      long committed, @Nullable Instant asOf, String note, String by) throws SQLException {
    return transactions.run(connection -> Reconcile.in(connection, committed, asOf, note, by));
  }

  /** The window; while PostgreSQL is away, with the seal as last known. */
  public WindowReport window() {
    if (tariff.isWindowed()) {
      try {
        seal = transactions.plain(Books::readSeal);
      } catch (SQLException e) {
        // as last known
      }
    }
    return recallWindow();
  }

  /** As {@link #window}, with the seal as last known, and without asking PostgreSQL. */
  public WindowReport recallWindow() {
    if (!tariff.isWindowed()) {
      return WindowReport.NONE;
    }
    Instant now = clock.instant();
    WindowReport report = WindowReport.of(limits.window(), now, seal);
    return tariff.isSealed() ? report.sealed(now) : report;
  }

  private static WindowReport.Seal readSeal(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(END);
        ResultSet row = statement.executeQuery()) {
      row.next();
      long sealedAt = row.getLong(1);
      return new WindowReport.Seal(
          row.wasNull() ? null : Micros.instant(sealedAt), row.getBoolean(2));
    }
  }

  /**
   * Closes the window for good: no call is granted from now on, in any pod. The first time counts.
   *
   * @throws NoWindow if the upstream that is asked has none
   */
  public WindowReport seal() throws SQLException {
    if (!tariff.isWindowed()) {
      throw new NoWindow();
    }
    transactions.run(
        connection -> {
          RoundTrip.opening().update(SEAL).commit().run(connection);
          return 1;
        });
    return window();
  }

  /** The upstream may be asked for as long as it exists. */
  public static final class NoWindow extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoWindow() {
      super("the upstream has no window that could be sealed");
    }
  }

  /** Puts what is suspected of the upstream to the test: the next call goes out as a probe. */
  public void trust() throws SQLException {
    transactions.run(
        connection -> {
          limits.trust(connection);
          return 1;
        });
  }

  /**
   * The limits of each Page, by what the upstream has said about the app and about the Page: what
   * one said that is not asked any more holds nothing back.
   */
  public LimitsReport limits() throws SQLException {
    return LimitsReport.of(tariff.isSealed() ? List.of() : transactions.plain(limits::statuses));
  }

  /** The share of the app's pace that was used within its last period; 0 if there is none. */
  public double paceUsed() throws SQLException {
    double used = tariff.isSealed() ? 0 : transactions.plain(limits::paceUsed);
    lastPaceUsed = used;
    return used;
  }

  /** As {@link #paceUsed}, by this pod's last look, some seconds ago. Never blocks. */
  public double lastPaceUsed() {
    return lastPaceUsed;
  }
}
