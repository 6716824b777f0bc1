package org.psidgateway.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Outage;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Server;
import org.psidgateway.db.Transactions;
import org.psidgateway.ledger.Decision.Granted;
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
 * its units stay counted), which a late answer still settles, and <i>reconciled</i> once the
 * upstream's own figure has taken its place.
 *
 * <p>Every method but {@link #window} throws {@link SQLException} where PostgreSQL is away. All
 * block, none takes part in a transaction of the caller's. Thread-safe.
 */
@Startup // bad settings stop the start
@ApplicationScoped
public class Ledger {
  private static final Logger LOG = Logger.getLogger(Ledger.class);
  private static final Duration SETTLING_AGAIN = Duration.ofSeconds(2);

  private final Transactions transactions;
  private final MappingStore store;
  private final InstantSource clock;
  private final Rules rules;
  private final Reserve reserve;
  private final Settle settle;
  private final Sweep sweep;
  private final SpendingMeters meters;
  private final SendDeadline deadline;
  private final RecentSettlements recent = new RecentSettlements(System::nanoTime);
  private final Queue<Settlement> forgotten = new ConcurrentLinkedQueue<>();
  private final Server.Reader servers = new Server.Reader();
  private volatile @Nullable Server server;
  private volatile Views.End end = Views.End.UNKNOWN;

  Ledger(
      DataSource dataSource,
      MappingStore store,
      InstantSource clock,
      PaceConfig pace,
      PagePaceConfig pages,
      QuotaConfig quota,
      WindowConfig window,
      CooldownConfig cooldown,
      UncertainConfig uncertain,
      RetryBudgetConfig retry,
      MeterRegistry registry) {
    this.transactions = new Transactions(dataSource);
    this.store = store;
    this.clock = clock;
    this.rules =
        new Rules(
            Pace.of(pace),
            PagePaceConfig.read(pages, pace.burst()),
            quota,
            new UpstreamWindow(window),
            cooldown,
            uncertain,
            retry);
    this.reserve = new Reserve(rules, store);
    this.settle = new Settle(rules, store);
    this.sweep = new Sweep(transactions, rules, settle);
    this.meters = new SpendingMeters(registry);
    this.deadline = new SendDeadline(rules.shortestPer(), System::nanoTime);
  }

  /**
   * What a batch asks for.
   *
   * @param callId made by the caller, so that it can release a grant whose reply was lost
   * @param candidates distinct ids, 1 or more; more than {@code batchSize} where some are likely to
   *     be known or claimed already
   * @param cost calls that the batch counts as, at the upstream's rate limit
   * @param isolation whether the call is made to find the bad id of an earlier one
   * @param retry whether the call is made because an earlier one failed for a while
   * @param timeout after which the caller gives the call up
   */
  public record Request(
      UUID callId,
      PageId page,
      Lane lane,
      long[] candidates,
      int batchSize,
      int cost,
      boolean isolation,
      boolean retry,
      Duration timeout) {}

  /** Decides whether a call may go out now, and for which ids. */
  public Decision reserve(Request request) throws SQLException {
    long start = System.nanoTime();
    Duration sendWithin = rules.paced(request.page()) ? deadline.current() : SendDeadline.UNPACED;
    Optional<Decision> stopped =
        transactions.plain(connection -> reserve.look(connection, request));
    Decision decision =
        stopped.isPresent()
            ? stopped.get()
            : transactions.run(connection -> reserve.in(connection, request, sendWithin));
    return meters.decided(decision, start);
  }

  /** A call left in time, {@code after} so long a time since its grant was asked for. */
  public void sent(Duration after) {
    deadline.left(after);
    meters.sent();
  }

  /** A grant could not be used in time; later ones of this pod get a longer deadline. */
  public void late(Granted granted) {
    Duration age = age(granted);
    deadline.late(age);
    meters.late(age, deadline.current());
  }

  /** How long ago the grant was asked for. */
  public static Duration age(Granted granted) {
    return Duration.ofNanos(System.nanoTime() - granted.decidedAt());
  }

  /** Whether the app, or this Page, is in a cooldown by now. */
  public boolean coolingDown(PageId page) throws SQLException {
    return transactions.plain(
        connection -> {
          boolean[] cooling = {false};
          RoundTrip trip = RoundTrip.plain();
          Standings.of(
              trip,
              page.value(),
              now ->
                  cooling[0] =
                      now.of(Standing.APP).cooling(now.now())
                          || now.of(page.value()).cooling(now.now()));
          trip.run(connection);
          return cooling[0];
        });
  }

  /**
   * Ends a call. Idempotent; once it returns, answers and units are committed.
   *
   * @return when the answers were written: the time that their rows have, unless they were known
   */
  public Instant settle(Settlement settlement) throws SQLException {
    long start = System.nanoTime();
    Instant at =
        transactions.run(connection -> settle.in(connection, settlement, RoundTrip.opening()));
    meters.settled(start);
    recent.add(settlement);
    return at;
  }

  /**
   * Settles what this pod settled lately once more, where another server answers than before, or
   * this one was started anew: it may lack the last transactions. Takes two seconds at most; what
   * is left then goes on with the next call.
   *
   * @return how many settlements that were; 0 while all is as before
   */
  int settleAgain() throws SQLException {
    Server before = server;
    Server now = transactions.plain(servers::read);
    if (now.timeline() != 0 && !now.equals(before)) {
      forgotten.addAll(before == null ? List.of() : recent.all());
      server = now;
    } else if (now.equals(before)) {
      recent.forgetOld();
    }
    long end = System.nanoTime() + SETTLING_AGAIN.toNanos();
    int count = 0;
    for (Settlement next = forgotten.peek();
        next != null && System.nanoTime() - end < 0;
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
      if (Outage.is(e)) {
        throw e;
      }
      LOG.errorf("A call could not be settled once more (%s)", Outage.describe(e));
    }
  }

  /**
   * What became of ids that other calls were asking.
   *
   * @param seen those still under way, by call, and those answered by now; the rest is free
   * @param lookAgain when to look once more, where some are under way
   */
  public record Revisit(Seen seen, Duration lookAgain) {}

  /** Looks again at ids that other calls were asking. */
  public Revisit revisit(PageId page, Map<UUID, long[]> awaited) throws SQLException {
    return transactions.plain(
        connection -> {
          Claims.Holding holding = new Claims.Holding();
          RoundTrip first = RoundTrip.plain();
          Claims.underWay(first, connection, awaited.keySet(), holding);
          first.run(connection);
          Map<UUID, long[]> still = new HashMap<>();
          LongStream.Builder ended = LongStream.builder();
          awaited.forEach(
              (call, asids) -> {
                Set<Long> held = holding.byCall.getOrDefault(call, Set.of());
                LongStream.of(asids).filter(id -> !held.contains(id)).forEach(ended);
                long[] waiting = LongStream.of(asids).filter(held::contains).toArray();
                if (waiting.length > 0) {
                  still.put(call, waiting);
                }
              });
          long[] free = ended.build().toArray();
          List<Findings> known = new ArrayList<>(1);
          if (free.length > 0) {
            RoundTrip second = RoundTrip.plain();
            store.lookUp(second, page, free, known::add);
            second.run(connection);
          }
          Seen seen = new Seen(known.isEmpty() ? Findings.NONE : known.get(0), still);
          return new Revisit(seen, holding.lookAgain());
        });
  }

  /** Calls that nobody settled in time, after a crash for one, become uncertain. */
  int sweep() throws SQLException {
    return sweep.run();
  }

  /** Whether this pod was the one that sweeps when it tried last. */
  boolean sweeps() {
    return sweep.mine();
  }

  /** Lets another pod sweep at once. */
  void stopSweeping() throws SQLException {
    sweep.giveUp();
  }

  /**
   * The lifetime quota, in PSIDs; {@code limit = committed + held + uncertain + remaining}.
   *
   * @param remaining negative where the limit was lowered below what is spent
   * @param reserveFloor what background work may not touch
   * @param suspectedExhausted whether the upstream refuses as if its own count had reached the end
   */
  public record Quota(
      long limit,
      long committed,
      long held,
      long uncertain,
      long remaining,
      long reserveFloor,
      boolean suspectedExhausted) {}

  /** The quota as it stands. */
  public Quota quota() throws SQLException {
    return transactions.plain(connection -> Views.quota(connection, rules.quota()));
  }

  /** One entry of the ledger; numbers grow in the order of grants. */
  public sealed interface Entry {
    long number();

    /** An upstream call, with its state at present. */
    record Call(
        long number,
        UUID callId,
        PageId page,
        Lane lane,
        String state,
        int asked,
        int returned,
        @Nullable String outcome,
        boolean probe,
        boolean retry,
        boolean isolation,
        Instant grantedAt,
        @Nullable Instant settledAt)
        implements Entry {}

    /**
     * The upstream's own figure, taken over.
     *
     * @param was what the ledger had committed before
     * @param cleared uncertain units that the figure took the place of
     * @param asOf calls settled later were added to it
     */
    record Reconciliation(
        long number,
        long committed,
        long was,
        long cleared,
        Instant asOf,
        String note,
        String notedBy,
        Instant notedAt)
        implements Entry {}
  }

  /** Up to {@code limit} entries with numbers below {@code before}, latest first. */
  public List<Entry> entries(long before, int limit) throws SQLException {
    return transactions.plain(connection -> Entries.read(connection, before, limit));
  }

  /**
   * Writes the upstream's own count of conversions down, and clears the uncertain units of calls
   * before it. Calls under way stay held; calls settled after {@code asOf} are added to the figure.
   *
   * @param asOf the moment of the figure; null for now
   */
  public Entry.Reconciliation reconcile(
      long committed, @Nullable Instant asOf, String note, String by) throws SQLException {
    return transactions.run(connection -> Reconcile.in(connection, committed, asOf, note, by));
  }

  /**
   * The time in which the upstream may be asked. {@code approvedOn}, {@code closesAt} and {@code
   * daysRemaining} are null where no date is known.
   *
   * @param suspectedClosed whether the upstream answers as if it had been closed early
   */
  public record Window(
      State state,
      @Nullable LocalDate approvedOn,
      @Nullable Instant closesAt,
      @Nullable Long daysRemaining,
      boolean suspectedClosed) {

    /** {@code CLOSING}: open, with 14 days or less to go. */
    public enum State {
      OPEN,
      CLOSING,
      SEALED
    }
  }

  /** The window; while PostgreSQL is away, with the seal as known last. */
  public Window window() {
    try {
      end = transactions.plain(Views::end);
    } catch (SQLException e) {
      // as known last
    }
    return rules.window().view(clock.instant(), end);
  }

  /** Closes the window for good: no call is granted from now on, in any pod. */
  public Window seal() throws SQLException {
    transactions.run(Seal::window);
    return window();
  }

  /** Puts what is suspected of the upstream to the test: the next call goes out as a probe. */
  public void trust() throws SQLException {
    transactions.run(Seal::trust);
  }

  /**
   * What holds calls back, beside the pace.
   *
   * @param cooldownUntil null where there is no cooldown
   * @param appUsage percent as told last, decayed since; null where the upstream never told
   * @param pageUsage likewise
   */
  public record Limits(
      @Nullable Instant cooldownUntil, @Nullable Double appUsage, @Nullable Double pageUsage) {}

  /** The limits of each Page, by what the app and the Page itself were told. */
  public LimitsOf limits() throws SQLException {
    return transactions.plain(Views::limits);
  }

  /** A Page that nothing was ever told of has the app's. */
  public static final class LimitsOf {
    private final Map<@Nullable PageId, Limits> byPage;
    private final boolean unproven;

    LimitsOf(Map<@Nullable PageId, Limits> byPage, boolean unproven) {
      this.byPage = byPage;
      this.unproven = unproven;
    }

    /** Whether the upstream rejects the app's proof, of all Pages or of one. */
    boolean unproven() {
      return unproven;
    }

    public Limits page(PageId page) {
      Limits own = byPage.get(page);
      return own != null ? own : app();
    }

    /** How many Pages have a cooldown of their own. */
    long cooling(Instant at) {
      return byPage.entrySet().stream()
          .filter(limits -> limits.getKey() != null)
          .map(limits -> limits.getValue().cooldownUntil())
          .filter(until -> until != null && until.isAfter(at))
          .count();
    }

    Limits app() {
      return byPage.getOrDefault(null, new Limits(null, null, null));
    }
  }

  /** The share of the app's pace that was used within the last window; 0 where there is none. */
  double paceUsed() throws SQLException {
    return rules.pace().unlimited()
        ? 0
        : transactions.plain(connection -> Views.callsWithin(connection, rules.pace()))
            / (double) rules.pace().calls();
  }
}
