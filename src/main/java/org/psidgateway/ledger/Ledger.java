package org.psidgateway.ledger;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.store.MappingStore;

/**
 * Everything that is promised about spending, for all pods at once, kept in PostgreSQL: at every
 * moment {@code limit = committed + held + uncertain + remaining}, an id is asked by one call at a
 * time and never while it is known, calls keep the pace, and none is granted in a cooldown, after
 * the window's end, or for a paused Page.
 *
 * <p>A call's life: <i>granted</i>, then <i>settled</i> (its answer is written, its units are
 * committed or released), <i>released</i> (it never left), or <i>uncertain</i> (nobody knows, so
 * its units stay counted), which a late answer still settles.
 *
 * <p>Every method but {@link #window} blocks, and throws {@link SQLException} where PostgreSQL is
 * away; none takes part in a transaction of the caller's. Thread-safe.
 */
@Startup // bad settings stop the start
@ApplicationScoped
public class Ledger {
  private static final String QUOTA =
      """
      select b.committed, b.held, b.uncertain,
             least(?, (select floor(sum(fans) * ?)::bigint from page having count(*) = count(fans)))
        from budget b
      """;

  private final Transactions transactions;
  private final MappingStore store;
  private final QuotaConfig quota;
  private final UpstreamWindow window;
  private final InstantSource clock;
  private final Pace pace;
  private final Reserve reserve;
  private final Settle settle;

  Ledger(
      DataSource dataSource,
      MappingStore store,
      InstantSource clock,
      PaceConfig pace,
      QuotaConfig quota,
      WindowConfig window,
      CooldownConfig cooldown,
      UncertainConfig uncertain) {
    this.transactions = new Transactions(dataSource);
    Range.atLeast(0, quota.ceiling(), "gateway.quota.ceiling");
    Range.share(quota.fanShare(), "gateway.quota.fan-share");
    Range.share(quota.reserveFloor(), "gateway.quota.reserve-floor");
    Range.share(quota.uncertainCap(), "gateway.quota.uncertain-cap");
    this.store = store;
    this.quota = quota;
    this.window = new UpstreamWindow(window);
    this.clock = clock;
    this.pace = Pace.of(pace);
    this.reserve = new Reserve(this.pace, quota, this.window, store, uncertain.delay());
    this.settle = new Settle(this.pace, cooldown, uncertain.delay(), store);
  }

  /**
   * What a batch asks for.
   *
   * @param callId made by the caller, so that it can release a grant whose reply was lost
   * @param candidates distinct ids, 1 or more; more than {@code batchSize} where some are likely to
   *     be known or claimed already
   * @param isolation whether the call is made to find the bad id of an earlier one
   * @param timeout after which the caller gives the call up
   */
  public record Request(
      UUID callId,
      PageId page,
      Lane lane,
      long[] candidates,
      int batchSize,
      boolean isolation,
      Duration timeout) {}

  /** Decides whether a call may go out now, and for which ids. */
  public Decision reserve(Request request) throws SQLException {
    Optional<Decision> stopped =
        transactions.plain(connection -> reserve.look(connection, request));
    return stopped.isPresent()
        ? stopped.get()
        : transactions.run(connection -> reserve.in(connection, request));
  }

  /** Ends a call. Idempotent; once it returns, answers and units are committed. */
  public void settle(Settlement settlement) throws SQLException {
    transactions.run(connection -> settle.in(connection, settlement));
  }

  /**
   * Looks again at ids that other calls were asking.
   *
   * @return those still under way, by call, and those answered by now; the rest is free to be asked
   */
  public Seen revisit(PageId page, Map<UUID, long[]> awaited) throws SQLException {
    return transactions.plain(
        connection -> {
          Set<UUID> underWay = Claims.underWay(connection, awaited.keySet());
          Map<UUID, long[]> still = new HashMap<>(awaited);
          still.keySet().retainAll(underWay);
          long[] ended =
              awaited.entrySet().stream()
                  .filter(call -> !underWay.contains(call.getKey()))
                  .flatMapToLong(call -> LongStream.of(call.getValue()))
                  .toArray();
          return new Seen(
              ended.length == 0 ? Findings.NONE : store.lookUp(connection, page, ended), still);
        });
  }

  /** Calls that nobody settled in time, after a crash for one, become uncertain. */
  void sweep() throws SQLException {
    transactions.run(connection -> Sweep.in(connection, pace));
  }

  /**
   * The lifetime quota, in PSIDs; {@code limit = committed + held + uncertain + remaining}.
   *
   * @param remaining negative where the limit was lowered below what is spent
   * @param reserveFloor what background work may not touch
   */
  public record Quota(
      long limit, long committed, long held, long uncertain, long remaining, long reserveFloor) {}

  /** The quota as it stands. */
  public Quota quota() throws SQLException {
    return transactions.plain(this::readQuota);
  }

  private Quota readQuota(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(QUOTA)) {
      statement.setLong(1, quota.ceiling());
      statement.setDouble(2, quota.fanShare());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long committed = row.getLong(1);
        long held = row.getLong(2);
        long uncertain = row.getLong(3);
        long limit = row.getLong(4);
        return new Quota(
            limit,
            committed,
            held,
            uncertain,
            limit - committed - held - uncertain,
            (long) Math.ceil(limit * quota.reserveFloor()));
      }
    }
  }

  /**
   * The time in which the upstream may be asked. All but {@code state} are null where no date is
   * configured.
   */
  public record Window(
      State state,
      @Nullable LocalDate approvedOn,
      @Nullable Instant closesAt,
      @Nullable Long daysRemaining) {

    /** {@code CLOSING}: open, with 14 days or less to go. */
    public enum State {
      OPEN,
      CLOSING,
      SEALED
    }
  }

  /** The window as configured. Never blocks. */
  public Window window() {
    return window.view(clock.instant());
  }
}
