package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.model.PageId;

/**
 * Finds calls that have expired and ends them as uncertain: their units stay counted, since the
 * upstream may have charged them, and their ids may be asked again after a while. Done by one pod
 * at a time; each transaction checks the fencing token, so that one which was frozen does no harm.
 */
final class Sweep {
  private static final String QUIET =
      "select quiet_until > ledger_now() and quiet_until <= ledger_now() + interval '1 minute' from budget";

  private static final String EXPIRED =
      """
      select call_id, page_id from call
       where state = 'granted' and expires_at < ledger_now() order by expires_at limit 100
      """;

  // Of a clock that ran ahead and was set right: a grant of the future would stop the calls until
  // then, and a dead one would be missed by nobody.
  private static final String CLAMP_CALLS =
      """
      update call set granted_at = ledger_now(),
             expires_at = ledger_now() + (expires_at - granted_at)
       where granted_at > ledger_now()
         and grant_no > (select grants - greatest(1000, ?) from budget)
      """;

  private static final String CLAMP_STANDINGS =
      """
      update standing set usage_at = least(usage_at, ledger_now()),
             probe_until = least(probe_until, ledger_now() + interval '5 minutes')
       where usage_at > ledger_now() or probe_until > ledger_now() + interval '5 minutes'
      """;

  private static final String CLAMP_CLAIMS =
      """
      update claim set lapses_at = ledger_now() + interval '1 hour'
       where lapses_at <> 'infinity' and lapses_at > ledger_now() + interval '1 hour'
      """;

  private static final String CLAMP_PACE =
      """
      update budget set next_grant_at = ledger_now() + ? * interval '1 microsecond'
       where next_grant_at > ledger_now() + ? * interval '1 microsecond'
      """;

  private final Transactions transactions;
  private final Rules rules;
  private final Settle settle;
  private final Lease lease = new Lease("sweeper");
  private volatile boolean mine;

  Sweep(Transactions transactions, Rules rules, Settle settle) {
    this.transactions = transactions;
    this.rules = rules;
    this.settle = settle;
  }

  /** How many calls were found to be uncertain; 0 where another pod does it. */
  int run() throws SQLException {
    mine = false; // and stays so where PostgreSQL is away
    OptionalLong fence = transactions.run(lease::take);
    mine = fence.isPresent();
    if (fence.isEmpty()) {
      return 0;
    }
    transactions.run(this::prepare);
    List<Granted> expired = transactions.plain(this::expired);
    int ended = 0;
    for (Granted call : expired) {
      ended += transactions.run(connection -> end(connection, fence.getAsLong(), call));
    }
    return ended;
  }

  /** Whether this pod was the one when it tried last. */
  boolean mine() {
    return mine;
  }

  /** Lets another pod go on at once. */
  void giveUp() throws SQLException {
    transactions.run(
        connection -> {
          lease.giveUp(connection);
          return 0;
        });
  }

  private int prepare(Connection connection) throws SQLException {
    Restart.heed(connection, rules);
    Pace pace = rules.pace();
    try (Statement statement = connection.createStatement();
        PreparedStatement calls = connection.prepareStatement(CLAMP_CALLS);
        PreparedStatement clampPace = connection.prepareStatement(CLAMP_PACE)) {
      calls.setInt(1, pace.calls());
      clampPace.setLong(1, pace.perMicros());
      clampPace.setLong(2, pace.perMicros());
      int clamped = calls.executeUpdate();
      if (clamped > 0) {
        clamped += statement.executeUpdate(CLAMP_CLAIMS);
      }
      return clamped + clampPace.executeUpdate() + statement.executeUpdate(CLAMP_STANDINGS);
    }
  }

  private List<Granted> expired(Connection connection) throws SQLException {
    List<Granted> expired = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery(QUIET)) {
        if (row.next() && row.getBoolean(1)) {
          return expired;
        }
      }
      try (ResultSet row = statement.executeQuery(EXPIRED)) {
        while (row.next()) {
          UUID callId = row.getObject(1, UUID.class);
          PageId page = new PageId(row.getLong(2));
          expired.add(new Granted(callId, page, new long[0], 0, 0, false, Seen.NOTHING));
        }
      }
    }
    return expired;
  }

  private int end(Connection connection, long fence, Granted call) throws SQLException {
    if (!lease.holds(connection, fence)) {
      return 0;
    }
    settle.in(connection, Settlement.uncertain(call, "expired"));
    return 1;
  }
}
