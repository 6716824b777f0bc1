package org.psidgateway.migration.list;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;

/** Makes the tables of lists, and drops them. Methods block. Thread-safe. */
@Singleton
public class Lists {
  private static final String KEPT = "ledger_now() + interval '30 seconds'";

  private static final String REGISTER =
      "insert into list (until) values (" + KEPT + ") returning no";

  // One whose time was over may be somebody else's to replace already.
  private static final String RENEW =
      "update list set until = " + KEPT + " where no = any(?) and until > ledger_now()";

  private static final String ABANDONED =
      "select no from list where until < ledger_now() order by until limit 1 for update skip locked";

  private final Transactions transactions;

  /** Those that this process is about to fill. */
  private final Set<Long> open = ConcurrentHashMap.newKeySet();

  public Lists(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Creates the tables of a new list. They go unless they are bound before the list is closed. */
  public NewList create() throws SQLException {
    long no =
        transactions.run(
            connection -> {
              long next = number(RoundTrip.opening(), REGISTER, connection);
              ListTables.creating(RoundTrip.further(), next).commit().run(connection);
              return next;
            });
    open.add(no);
    return new NewList(transactions, this, no);
  }

  /** Drops the tables of a list that nobody needs any more. */
  public void drop(long no) throws SQLException {
    transactions.run(
        connection -> {
          ListTables.dropping(RoundTrip.opening(), no).commit().run(connection);
          return no;
        });
  }

  /** The list is not to be renewed any more. */
  void leave(long no) {
    open.remove(no);
  }

  /** Keeps the lists that are being filled, however slow that is. */
  void renew() throws SQLException {
    Long[] numbers = open.toArray(Long[]::new);
    if (numbers.length > 0) {
      transactions.run(
          connection -> {
            RoundTrip.opening().update(RENEW, (Object) numbers).commit().run(connection);
            return numbers;
          });
    }
  }

  /** Drops a list whose process has died; false if there is none. */
  boolean dropAbandoned() throws SQLException {
    return transactions.run(
        connection -> {
          long no = number(RoundTrip.opening(), ABANDONED, connection);
          if (no > 0) {
            ListTables.dropping(RoundTrip.further(), no).run(connection);
          }
          return no > 0;
        });
  }

  private static long number(RoundTrip trip, String query, Connection connection)
      throws SQLException {
    long[] number = {0};
    trip.query(query, row -> number[0] = row.next() ? row.getLong(1) : 0).run(connection);
    return number[0];
  }
}
