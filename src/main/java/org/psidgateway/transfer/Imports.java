package org.psidgateway.transfer;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Outage;
import org.psidgateway.db.Transactions;
import org.psidgateway.invalidation.Invalidations;
import org.psidgateway.model.PageId;
import org.psidgateway.time.Ticker;
import org.psidgateway.transfer.rows.FileFormat;
import org.psidgateway.transfer.rows.RowReader;

/**
 * Brings in pairs that are owned already, which costs no quota. A file is read to its end and
 * checked before anything of it is merged, so one that can't be read changes nothing; one that is
 * cut short while it is merged may be sent again, since what is there already is then unchanged.
 * Memory does not grow with the file, and transactions are short. Thread-safe.
 */
@Singleton
public class Imports {
  /** Lines of one file. */
  public static final long MOST_ROWS = 5_000_000;

  /** Bytes of one file, unpacked. */
  public static final long MOST_BYTES = 512L << 20;

  private static final int MOST_AT_ONCE = 4;
  private static final List<String> COLUMNS = List.of("asid", "psid");
  private static final Logger LOG = Logger.getLogger(Imports.class);

  /**
   * How a file is to be read and merged.
   *
   * @param column the name of the column with the ASID; null for the usual one, or for a file
   *     without names
   * @param separator null if it is to be found out
   * @param replace whether a pair replaces what is stored, rather than being a conflict
   */
  public record Order(
      FileFormat format,
      boolean gzip,
      @Nullable String column,
      @Nullable Character separator,
      boolean replace) {
    RowReader.Options options() {
      List<String> columns = column == null ? COLUMNS : List.of(column, COLUMNS.get(1));
      return new RowReader.Options(
          format, gzip, columns, column != null, separator, MOST_ROWS, MOST_BYTES);
    }
  }

  private final Transactions transactions;
  private final Runnable announce;
  private final TransferMeters meters;
  private final Ticker ticker;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  @Inject
  Imports(
      Transactions transactions,
      Invalidations invalidations,
      TransferMeters meters,
      Ticker ticker) {
    this(transactions, invalidations::announce, meters, ticker);
  }

  /**
   * @param announce run when other pods have something to hear
   */
  Imports(Transactions transactions, Runnable announce, TransferMeters meters, Ticker ticker) {
    this.transactions = transactions;
    this.announce = announce;
    this.meters = meters;
    this.ticker = ticker;
  }

  /**
   * Reads the file and merges it. Blocks for as long as that takes.
   *
   * @return empty if the Page is not registered, or was removed meanwhile
   * @throws Busy if {@value #MOST_AT_ONCE} files are under way in this process
   * @throws UnreadableFile if the file can't be read: nothing was changed
   * @throws IOException if the body breaks off: nothing was changed
   * @throws SQLException while PostgreSQL is away: a part may have been merged
   */
  public Optional<ImportReport> run(PageId page, InputStream body, Order order)
      throws IOException, SQLException {
    if (!places.tryAcquire()) {
      throw new Busy();
    }
    try {
      return staged(page, body, order);
    } finally {
      places.release();
    }
  }

  private Optional<ImportReport> staged(PageId page, InputStream body, Order order)
      throws IOException, SQLException {
    long begun = ticker.nanos();
    boolean done = false;
    Staging staging = Staging.create(transactions, page);
    try {
      StagedPairs pairs = new StagedPairs(staging, ticker);
      long received = RowReader.read(body, order.options(), pairs);
      pairs.end();
      long read = ticker.nanos();
      Merge.Counts merged =
          new Merge(transactions, staging, order.replace(), announce).run(pairs.staged());
      ImportReport report = pairs.report(received, merged);
      meters.imported(report, read - begun, ticker.nanos() - read);
      done = true;
      return Optional.of(report);
    } catch (StagedPairs.NotStored e) {
      throw e.sql();
    } catch (Merge.NoSuchPage e) {
      return Optional.empty();
    } finally {
      if (!done) {
        meters.cutIn();
      }
      drop(staging);
    }
  }

  /** If that fails, the table is dropped later, by any pod. */
  private static void drop(Staging staging) {
    try {
      staging.drop();
    } catch (SQLException e) {
      LOG.debugf("A staging table is left to be dropped later (%s)", Outage.describe(e));
    }
  }

  /** Enough files are under way; worth another try soon. */
  public static final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Busy() {
      super("enough files are under way", null, false, false);
    }
  }
}
