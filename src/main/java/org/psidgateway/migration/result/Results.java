package org.psidgateway.migration.result;

import io.smallrye.mutiny.Multi;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Transactions;
import org.psidgateway.migration.list.View;
import org.psidgateway.transfer.Exports;
import org.psidgateway.transfer.RowSource;
import org.psidgateway.transfer.rows.FileFormat;

/** What became of the rows of lists: as files of any length, and page by page. Thread-safe. */
@Singleton
public class Results {
  /** A view that fits few rows must not keep PostgreSQL busy for long: a page may be empty. */
  private static final int MOST_LOOKED_AT = 20_000;

  private final ListRows rows;
  private final Exports exports;

  Results(Transactions transactions, Exports exports) {
    this.rows = new ListRows(transactions);
    this.exports = exports;
  }

  /**
   * One row of a page.
   *
   * @param line of the file as it came
   * @param asid 0 for none
   * @param psid 0 for none
   * @param reason null for none
   */
  public record Result(long line, long asid, long psid, String status, @Nullable String reason) {}

  /**
   * A part of a view.
   *
   * @param next the line behind which the next page begins; 0 if there is none
   */
  public record Page(List<Result> results, long next) {}

  /**
   * The bytes of a file, as {@link Exports#file}. It fails with {@link Exports.SnapshotGone} if the
   * list is dropped meanwhile, or somebody on it is erased.
   *
   * @param format {@code CSV} or {@code NDJSON}
   */
  public Multi<byte[]> file(ListView view, FileFormat format, boolean gzip, long after) {
    return exports.file(() -> source(view, format), gzip, after);
  }

  RowSource source(ListView view, FileFormat format) {
    return new ListFile(
        rows,
        view,
        format == FileFormat.CSV
            ? new CsvResult(view.content())
            : new NdjsonResult(view.content()));
  }

  /**
   * Rows behind the line {@code after}, {@code limit} at most. Blocks.
   *
   * @throws Exports.SnapshotGone if the list is gone
   */
  public Page page(ListView view, long after, int limit) throws SQLException {
    int looked = view.view() == View.ORIGINAL ? limit : MOST_LOOKED_AT;
    ListRows.Part part =
        rows.read(view, after, new ListRows.Reach(looked, Long.MAX_VALUE, limit + 1, false));
    boolean more = part.rows().size() > limit; // one more shows a next page
    List<Result> results = new ArrayList<>(limit);
    for (ListRow row : part.rows().subList(0, more ? limit : part.rows().size())) {
      Outcome outcome = Outcome.of(row, view);
      results.add(
          new Result(
              row.line(),
              row.isErased() ? 0 : row.asid(),
              outcome.psid(),
              outcome.status(),
              outcome.reason()));
    }
    long last = more ? results.get(limit - 1).line() : part.last();
    return new Page(results, part.end() ? 0 : last);
  }
}
