package org.psidgateway.migration.list;

import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Outage;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.transfer.rows.RowReader;

/**
 * A list on its way in. As long as this process lives it is nobody else's to drop; half a minute
 * after the process has died it goes. Methods block; one thread at a time.
 */
public final class NewList implements AutoCloseable {
  /** As PostgreSQL says if it has to end something; the same may succeed later. */
  static final String LOST = "57P02";

  private static final String BIND =
      "update list set until = null where no = ? and until > ledger_now() returning 1";

  private static final Logger LOG = Logger.getLogger(NewList.class);

  private final Transactions transactions;
  private final Lists lists;
  private final long no;
  private boolean bound;

  NewList(Transactions transactions, Lists lists, long no) {
    this.transactions = transactions;
    this.lists = lists;
    this.no = no;
  }

  /** Names its tables. */
  public long no() {
    return no;
  }

  /**
   * Stores all rows of the body; names of columns without NUL, which PostgreSQL can't keep.
   *
   * @param options with one wanted column, that of the id
   * @throws IOException what the body has thrown, or that it can't be read
   */
  public Content read(InputStream body, RowReader.Options options)
      throws IOException, SQLException {
    StagedRows rows = new StagedRows(transactions, no, options.format());
    try {
      RowReader.read(body, options, rows);
      return rows.end();
    } catch (StagedRows.NotStored e) {
      throw e.sql();
    }
  }

  /**
   * Stores the rows of another list whose ids fit {@code views}, duplicates too, with the numbers
   * of their lines there.
   *
   * @param views of {@code FAILED} and {@code NOT_ATTEMPTED}, as of a migration that has ended
   */
  public Content copy(long from, Content of, Set<View> views) throws SQLException {
    long copied = new Copy(transactions, from, no, views).run();
    return new Content(copied, 0, of.format(), of.columns(), of.width());
  }

  /**
   * Adds to a transaction that the list belongs to a migration from now on; the transaction fails
   * if the list is lost: somebody has dropped it, or may do so.
   */
  public void bind(RoundTrip trip) {
    trip.query(
        BIND,
        row -> {
          if (!row.next()) {
            throw lost(null);
          }
        },
        no);
  }

  static SQLException lost(@Nullable SQLException cause) {
    return new SQLException("the list was given up", LOST, cause);
  }

  /** To be called once the transaction that has bound it is committed. */
  public void bound() {
    bound = true;
    lists.leave(no);
  }

  /** Drops it, unless it is bound. If that fails, any pod does so later. */
  @Override
  public void close() {
    if (bound) {
      return;
    }
    lists.leave(no);
    try {
      lists.drop(no);
    } catch (SQLException e) {
      LOG.debugf("A list is left to be dropped later (%s)", Outage.describe(e));
    }
  }
}
