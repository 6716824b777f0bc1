package org.psidgateway.migration.list;

import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Set;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.transfer.rows.RowReader;

/**
 * A list on its way in. As long as this process lives it is nobody else's to drop; half a minute
 * after the process has died it goes. Methods block; one thread at a time.
 */
public final class NewList implements AutoCloseable {

  /** Names its tables. */
  public long no() {
    throw new UnsupportedOperationException();
  }

  /** Stores all rows of the body. */
  public Content read(InputStream body, RowReader.Options options)
      throws IOException, SQLException {
    throw new UnsupportedOperationException();
  }

  /**
   * Stores the rows of another list whose ids fit {@code views}, duplicates too.
   *
   * @param views of {@code FAILED} and {@code NOT_ATTEMPTED}, as of a migration that has ended
   */
  public Content copy(long from, Content of, Set<View> views) throws SQLException {
    throw new UnsupportedOperationException();
  }

  /**
   * Adds to a transaction that the list belongs to a migration from now on; the transaction fails
   * if somebody has dropped it.
   */
  public void bind(RoundTrip trip) {
    throw new UnsupportedOperationException();
  }

  /** To be called once the transaction that has bound it is committed. */
  public void bound() {
    throw new UnsupportedOperationException();
  }

  /** Drops it, unless it is bound. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
