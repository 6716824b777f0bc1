package org.psidgateway.ledger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.ledger.Settlement.Ending;
import org.psidgateway.limits.LimitFeedback;
import org.psidgateway.limits.LimitStates;
import org.psidgateway.limits.Limits;
import org.psidgateway.limits.Signal;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageFindings;
import org.psidgateway.store.MappingStore;
import org.psidgateway.time.Micros;

/**
 * The one transaction that ends a call. Answers are always written, whoever brings them and however
 * late; units move once per call id, from whatever state its row is in. So settling is idempotent,
 * also for a process that froze and woke up after its call was given up. Locks in the order that
 * {@link Reserve} keeps. Two round trips.
 */
@Singleton
class Settle {
  private static final int GRANTED = 1;
  private static final int UNCERTAIN = 2;

  private static final String UNDEFINED_TABLE = "42P01";

  private static final Logger LOG = Logger.getLogger(Settle.class);

  private final Counter contradicted;
  private final Limits limits;
  private final UncertainConfig uncertain;
  private final MappingStore store;

  Settle(Limits limits, UncertainConfig uncertain, MappingStore store, MeterRegistry registry) {
    this.contradicted =
        Counter.builder("gateway.store.contradicted")
            .description("Stored mappings that the upstream contradicted later; they stay")
            .baseUnit("mappings")
            .register(registry);
    this.limits = limits;
    this.uncertain = uncertain;
    this.store = store;
  }

  /**
   * Whether something failed because the account, which had ended, was deleted with its tables:
   * what a process brings that was frozen for that long is stored all the same.
   */
  static boolean isGone(@Nullable Account account, SQLException failure) {
    return account != null && UNDEFINED_TABLE.equals(failure.getSQLState());
  }

  /**
   * @param first what the transaction begins with
   */
  Settled in(Connection connection, Settlement settlement, RoundTrip first) throws SQLException {
    return in(connection, settlement, first, false);
  }

  /**
   * Once more, for a database that may have forgotten it: a call that has ended teaches nothing.
   */
  Settled again(Connection connection, Settlement settlement, RoundTrip first) throws SQLException {
    return in(connection, settlement, first, true);
  }

  private Settled in(Connection connection, Settlement settlement, RoundTrip first, boolean again)
      throws SQLException {
    Found found = new Found();
    UUID callId = settlement.call().id();
    Reserve.alone(first, callId); // its reserve may still be committing
    if (settlement.ending() == Ending.UNCERTAIN) {
      Claims.defer(first, callId, uncertain.delay());
    } else {
      Claims.releaseAll(first, callId, settlement.claims());
    }
    write(first, settlement, found);
    Account account = settlement.call().account();
    Account.Closing closing = account == null ? trip -> {} : account.close(first, settlement);
    end(first, settlement, found);
    if (settlement.feedback().mayChange(false)) {
      limits.read(first, settlement.call().limitedPage(), states -> found.states = states);
    }
    first.run(connection);
    conclude(connection, settlement, found, closing, again);
    contradicted(settlement.call(), found.contradicted);
    return new Settled(Micros.instant(found.writtenAt), found.otherwise);
  }

  private void write(RoundTrip trip, Settlement settlement, Found found) {
    if (settlement.findings().isEmpty()) {
      found.write(store, trip, new PageFindings(settlement.call().page(), Findings.NONE));
    }
    settlement.findings().forEach(told -> found.write(store, trip, told));
    settlement
        .unasked()
        .forEach(
            told ->
                store.writeUnasked(trip, told.page(), told.findings(), () -> found.contradicted++));
  }

  private void contradicted(Call call, int mappings) {
    if (mappings > 0) {
      contradicted.increment(mappings);
      LOG.warnf(
          "The upstream contradicts %d stored mappings, which stay (call %s)", mappings, call.id());
    }
  }

  private void end(RoundTrip trip, Settlement settlement, Found found) {
    boolean unsent = settlement.ending() == Ending.UNSENT;
    boolean lost = settlement.ending() == Ending.UNCERTAIN;
    int open = lost ? GRANTED : UNCERTAIN;
    trip.query(
        SettleSql.END,
        found::call,
        settlement.call().id(),
        lost ? "uncertain" : unsent ? "released" : "settled",
        settlement.returned(),
        CallerTally.of(settlement).psids(),
        settlement.outcome(),
        !unsent,
        settlement.arrivedWithin().toNanos() / 1e9,
        open,
        lost,
        settlement.returned(),
        settlement.returned(),
        unsent ? limits.interval() : 0,
        settlement.signal().kind() == Signal.Kind.OPEN,
        lost,
        lost,
        open);
  }

  private void conclude(
      Connection connection,
      Settlement settlement,
      Found found,
      Account.Closing closing,
      boolean again)
      throws SQLException {
    RoundTrip trip = RoundTrip.further();
    closing.conclude(trip);
    found.lookForOthers(store, trip);
    Row call = found.call;
    if (call == null && settlement.ending() == Ending.UNSENT) {
      trip.commit().run(connection); // the reserve was never committed: nothing is held
      return;
    }
    if (call == null && settlement.call().asids().length > 0) {
      insert(trip, settlement);
    }
    boolean ended = call == null || call.ended;
    LimitFeedback feedback = settlement.feedback();
    boolean learns =
        ended
            ? feedback.mayChange(call != null && call.probe)
            : !again && settlement.signal().isThrottle();
    giveBackPace(trip, settlement, call);
    if (learns) {
      if (found.states == null) {
        limits.read(trip, settlement.call().limitedPage(), states -> found.states = states);
        trip.run(connection);
        trip = RoundTrip.further();
      }
      long grantedAt = call == null ? found.writtenAt : call.grantedAt;
      limits.learn(trip, feedback, grantedAt, Objects.requireNonNull(found.states));
    }
    trip.commit().run(connection);
  }

  /**
   * What the call's row says.
   *
   * @param ended whether it was ended now
   */
  private record Row(boolean ended, boolean probe, long grantedAt, int cost) {}

  private static final class Found {
    @Nullable Row call;
    @Nullable LimitStates states;
    long writtenAt;
    int contradicted;
    final List<PageFindings> doubtful = new ArrayList<>(0);
    final List<PageFindings> otherwise = new ArrayList<>(0);

    void write(MappingStore store, RoundTrip trip, PageFindings told) {
      store.write(
          trip,
          told.page(),
          told.findings(),
          (at, all) -> {
            writtenAt = at;
            if (!all) {
              doubtful.add(told);
            }
          });
    }

    /** What somebody else stored between reserve and settlement, an import for one, stays. */
    void lookForOthers(MappingStore store, RoundTrip trip) {
      for (PageFindings told : doubtful) {
        store.otherwise(
            trip,
            told.page(),
            told.findings(),
            stored -> {
              if (stored.size() > 0) {
                otherwise.add(new PageFindings(told.page(), stored));
                contradicted += stored.size();
              }
            });
      }
    }

    void call(ResultSet row) throws SQLException {
      if (row.next()) {
        call = new Row(row.getBoolean(1), row.getBoolean(2), row.getLong(3), row.getInt(4));
      }
    }
  }

  private void insert(RoundTrip trip, Settlement settlement) {
    Call call = settlement.call();
    int ids = call.asids().length;
    CallerTally callers = CallerTally.of(settlement);
    boolean lost = settlement.ending() == Ending.UNCERTAIN;
    if (lost) {
      Claims.holdBack(trip, call, uncertain.delay());
    }
    trip.update(
        SettleSql.INSERT_CALL,
        lost ? call.tariff().units(ids) : 0,
        call.tariff().units(settlement.returned()),
        settlement.returned() - call.tariff().units(settlement.returned()),
        lost && call.tariff().spendsQuota(),
        call.id(),
        call.page().value(),
        call.lane().name(),
        lost ? "uncertain" : "settled",
        ids,
        call.tariff().calls(ids),
        call.tariff().spendsQuota(),
        callers.names(),
        callers.ids(),
        callers.psids(),
        settlement.returned(),
        settlement.outcome(),
        call.account() == null ? null : call.account().id());
  }

  private void giveBackPace(RoundTrip trip, Settlement settlement, @Nullable Row call) {
    if (call != null && call.ended && settlement.ending() == Ending.UNSENT) {
      limits.giveBack(trip, settlement.call().page(), call.cost);
    }
  }
}
