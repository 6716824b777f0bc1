package org.psidgateway.transfer;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.psidgateway.time.Ticker;
import org.psidgateway.transfer.ImportReport.LineProblem;
import org.psidgateway.transfer.rows.Flaw;
import org.psidgateway.transfer.rows.Row;
import org.psidgateway.transfer.rows.RowSink;

/** Stages the pairs of a file while it is read, and notes its malformed lines. */
final class StagedPairs implements RowSink {
  private static final int ASID = 0;
  private static final int PSID = 1;

  /** A slow caller must not lose the table meanwhile. */
  private static final long LONGEST_SILENCE = TimeUnit.SECONDS.toNanos(30);

  private final Staging staging;
  private final Ticker ticker;
  private final Staging.Rows rows = new Staging.Rows();
  private final List<LineProblem> problems = new ArrayList<>();
  private long malformed;
  private long staged;
  private long sentAt;

  StagedPairs(Staging staging, Ticker ticker) {
    this.staging = staging;
    this.ticker = ticker;
    this.sentAt = ticker.nanos();
  }

  @Override
  public void row(Row row) throws IOException {
    Flaw flaw = row.flaw(ASID) == null ? row.flaw(PSID) : row.flaw(ASID);
    if (flaw == null) {
      rows.add(row.line(), row.id(ASID), row.id(PSID));
      staged++;
    } else {
      malformed(row, flaw);
    }
    if (rows.isFull() || ticker.nanos() - sentAt > LONGEST_SILENCE) {
      send();
    }
  }

  private void malformed(Row row, Flaw flaw) {
    malformed++;
    if (problems.size() < ImportReport.MOST_PROBLEMS) {
      String column = row.flaw(ASID) == null ? "psid: " : "asid: ";
      problems.add(LineProblem.malformed(row.line(), column + flaw.detail()));
    }
  }

  void end() throws IOException {
    if (!rows.isEmpty()) {
      send();
    }
  }

  private void send() throws IOException {
    try {
      rows.sendTo(staging);
      sentAt = ticker.nanos();
    } catch (SQLException e) {
      throw new NotStored(e);
    }
  }

  /** How many lines are to be merged. */
  long staged() {
    return staged;
  }

  ImportReport report(long received, Merge.Counts merged) {
    return ImportReport.of(received, malformed, problems, merged);
  }

  /** PostgreSQL's failure, on its way through the reader. */
  static final class NotStored extends IOException {
    private static final long serialVersionUID = 1L;

    private final SQLException sql;

    NotStored(SQLException sql) {
      super(sql);
      this.sql = sql;
    }

    SQLException sql() {
      return sql;
    }
  }
}
