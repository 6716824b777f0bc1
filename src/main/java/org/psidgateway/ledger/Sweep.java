package org.psidgateway.ledger;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.db.lease.Lease;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.limits.Limits;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;

/**
 * Finds calls that have expired and ends them as uncertain: their units stay counted, since the
 * upstream may have charged them, and their ids may be asked again after a while. Done by one pod
 * at a time; each transaction checks the fencing token, so that a pod that was frozen does no harm.
 */
@Singleton
class Sweep {
  private static final String QUIET =
      "select quiet_until > ledger_now() and quiet_until <= ledger_now() + interval '1 minute' from budget";

  // The time is a subquery, so that an index can be read by it.
  private static final String EXPIRED =
      """
      select call_id, page_id, lane, migration_id from call
       where state = 'granted' and expires_at < (select ledger_now())
       order by expires_at limit 100
      """;

  // From a clock that ran ahead and was set right: a grant in the future would stop calls until
  // then, and nobody would miss a dead one.
  private static final String CLAMP_CALLS =
      """
      update call set granted_at = ledger_now(), arrives_by = ledger_now(),
             expires_at = ledger_now() + (expires_at - granted_at)
       where ctid = any(array(select ctid from call where granted_at > (select ledger_now())
                               order by granted_at desc limit 1000))
      """;

  private static final String CLAMP_CLAIMS =
      """
      update claim set lapses_at = ledger_now() + make_interval(secs => ?)
       where ctid = any(array(select ctid from claim
                               where lapses_at > (select ledger_now()) + make_interval(secs => ?)
                                 and lapses_at <> 'infinity' order by lapses_at limit 1000))
      """;

  private final Transactions transactions;
  private final Limits limits;
  private final Settle settle;
  private final Accounts accounts;
  private final Lease lease = new Lease("sweeper");
  private volatile boolean mine;

  Sweep(Transactions transactions, Limits limits, Settle settle, Accounts accounts) {
    this.transactions = transactions;
    this.limits = limits;
    this.settle = settle;
    this.accounts = accounts;
  }

  /** How many calls were found to be uncertain; 0 if another pod sweeps. */
  int run() throws SQLException {
    OptionalLong fence;
    try {
      fence = transactions.run(lease::take);
      if (fence.isPresent()) {
        transactions.run(this::prepare);
      }
    } catch (SQLException e) { // away, or refused: somebody else may have more luck
      mine = false;
      throw e;
    }
    mine = fence.isPresent();
    if (fence.isEmpty()) {
      return 0;
    }
    int ended = 0;
    SQLException failure = null;
    for (Expired one : transactions.plain(this::expired)) {
      try {
        Call call = one.call(accounts);
        ended += transactions.run(connection -> end(connection, fence.getAsLong(), call));
      } catch (SQLException e) { // the others need not wait for this one
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return ended;
  }

  /** Whether this pod was the one that sweeps when it tried last. */
  boolean mine() {
    return mine;
  }

  /** Lets another pod sweep at once. */
  void giveUp() throws SQLException {
    transactions.run(
        connection -> {
          lease.giveUp(connection);
          return 0;
        });
  }

  private int prepare(Connection connection) throws SQLException {
    double longest = Claims.LONGEST.toSeconds();
    RoundTrip first = RoundTrip.opening().update(CLAMP_CLAIMS, longest, longest);
    Claims.clean(first);
    first.update(CLAMP_CALLS).run(connection);
    limits.heedRestart(connection);
    RoundTrip last = RoundTrip.further();
    limits.clamp(last);
    last.commit().run(connection);
    return 0;
  }

  private record Expired(UUID id, PageId page, Lane lane, @Nullable UUID migration) {
    Call call(Accounts accounts) throws SQLException {
      Account account = migration == null ? null : accounts.of(migration, page);
      return new Call(id, page, lane, new long[0], new String[0], Tariff.NONE, account);
    }
  }

  private List<Expired> expired(Connection connection) throws SQLException {
    List<Expired> expired = new ArrayList<>();
    boolean[] quiet = {false};
    RoundTrip.plain()
        .query(QUIET, row -> quiet[0] = row.next() && row.getBoolean(1))
        .query(
            EXPIRED,
            row -> {
              while (row.next()) {
                expired.add(
                    new Expired(
                        row.getObject(1, UUID.class),
                        new PageId(row.getLong(2)),
                        Lane.valueOf(row.getString(3)),
                        row.getObject(4, UUID.class)));
              }
            })
        .run(connection);
    return quiet[0] ? List.of() : expired;
  }

  private int end(Connection connection, long fence, Call call) throws SQLException {
    RoundTrip.opening().run(connection);
    if (!lease.holds(connection, fence)) {
      return 0;
    }
    settle.in(connection, Settlement.uncertain(call, "expired"), RoundTrip.further());
    return 1;
  }
}
