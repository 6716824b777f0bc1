package org.psidgateway.transfer;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.psidgateway.ops.Workers;
import org.psidgateway.store.PageView;
import org.psidgateway.time.Ticker;
import org.psidgateway.transfer.rows.FileFormat;

/**
 * Hands out all that is known of a Page as a file, which ends with its own count and SHA-256. Rows
 * are read as fast as the receiver takes them: one that is slow holds no thread, no connection and
 * no snapshot of PostgreSQL. Thread-safe.
 */
@Singleton
public class Exports {
  /** So few that look-ups find connections, however many files are under way. */
  private static final int AT_ONCE = 2;

  /** Pieces of a file that wait for their receiver. */
  private static final int AHEAD = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PageView view;
  private final TransferMeters meters;
  private final Ticker ticker;
  private final Workers workers;

  Exports(PageView view, TransferMeters meters, Ticker ticker) {
    this.view = view;
    this.meters = meters;
    this.ticker = ticker;
    this.workers = new Workers(AT_ONCE);
  }

  /** The moment that a file which begins now is of. Blocks. */
  public long moment() throws SQLException {
    return view.settledNow();
  }

  /** Whether a file of that moment can still be had. Blocks. */
  public boolean stands(PageView.Query query, long asOf) throws SQLException {
    return view.stands(query, asOf);
  }

  /**
   * The bytes of a file, those of the first {@code after} rows left out. Fails if the file can't be
   * told to its end: what was sent then lacks the closing row.
   *
   * @param format {@code CSV} or {@code NDJSON}
   */
  public Multi<byte[]> file(
      PageView.Query query, long asOf, FileFormat format, boolean gzip, long after) {
    RowFormat rows = format == FileFormat.CSV ? RowFormat.CSV : RowFormat.NDJSON;
    return Multi.createBy()
        .repeating()
        .uni(
            () -> new ExportStream(view, query, asOf, rows, gzip, after, meters),
            stream -> next(stream))
        .until(Optional::isEmpty)
        .map(Optional::get)
        .onFailure()
        .invoke(meters::cutOut)
        .onCancellation()
        .invoke(meters::cutOut)
        // The next piece is read while this one is sent.
        .emitOn(Infrastructure.getDefaultExecutor(), AHEAD);
  }

  private Uni<Optional<byte[]>> next(ExportStream stream) {
    return workers.call(
        ticker.nanos() + PATIENCE.toNanos(), () -> Optional.ofNullable(stream.next()));
  }

  /** Something that the file has to show was replaced or erased meanwhile. */
  public static final class SnapshotGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SnapshotGone() {
      super("what the file has to show was replaced or erased", null, false, false);
    }
  }
}
