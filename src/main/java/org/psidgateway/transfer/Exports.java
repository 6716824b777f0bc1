package org.psidgateway.transfer;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.psidgateway.ops.Workers;
import org.psidgateway.store.PageView;
import org.psidgateway.time.Ticker;
import org.psidgateway.transfer.rows.FileFormat;

/**
 * Hands out files, such as all that is known of a Page, which end with their own count and SHA-256.
 * Rows are read as fast as the receiver takes them: one that is slow holds no thread, no connection
 * and no snapshot of PostgreSQL. Thread-safe.
 */
@Singleton
public class Exports {
  /** So few that look-ups find connections, however many files are under way. */
  private static final int AT_ONCE = 2;

  /** Files under way in this process: each takes some megabytes while its receiver is slow. */
  private static final int MOST_UNDER_WAY = 32;

  /** Pieces of a file that wait for their receiver. */
  private static final int AHEAD = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PageView view;
  private final TransferMeters meters;
  private final Ticker ticker;
  private final Workers workers;
  private final Semaphore places = new Semaphore(MOST_UNDER_WAY);

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
   * All that is known of a Page, as {@link #file(Supplier, boolean, long)}.
   *
   * @param format {@code CSV} or {@code NDJSON}
   */
  public Multi<byte[]> file(
      PageView.Query query, long asOf, FileFormat format, boolean gzip, long after) {
    RowFormat rows = format == FileFormat.CSV ? RowFormat.CSV : RowFormat.NDJSON;
    return file(() -> new PageRows(view, query, asOf, rows), gzip, after);
  }

  /**
   * The bytes of a file, those of the first {@code after} rows left out. Fails if the file can't be
   * told to its end: what was sent then lacks the closing row. Fails before anything is sent with
   * {@link Imports.Busy} if {@value #MOST_UNDER_WAY} files are under way in this process.
   */
  public Multi<byte[]> file(Supplier<RowSource> rows, boolean gzip, long after) {
    return Multi.createFrom()
        .deferred(() -> sent(() -> new ExportStream(rows.get(), gzip, after, meters)));
  }

  private Multi<byte[]> sent(Supplier<ExportStream> made) {
    if (!places.tryAcquire()) {
      return Multi.createFrom().failure(new Imports.Busy());
    }
    ExportStream stream = made.get();
    return Multi.createBy()
        .repeating()
        .uni(() -> next(stream))
        .until(Optional::isEmpty)
        .map(Optional::get)
        // The next piece is read while this one is sent.
        .emitOn(Infrastructure.getDefaultExecutor(), AHEAD)
        .onTermination()
        .invoke(
            (failure, cancelled) -> {
              places.release();
              stream.close();
              if (failure != null || cancelled) {
                meters.cutOut();
              }
            });
  }

  private Uni<Optional<byte[]>> next(ExportStream stream) {
    return workers.call(
        ticker.nanos() + PATIENCE.toNanos(), () -> Optional.ofNullable(stream.next()));
  }

  /** Something that the file has to show was replaced or erased meanwhile. */
  public static final class SnapshotGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SnapshotGone() {
      super("what the file has to show was replaced or erased", null, false, false);
    }
  }
}
