package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.transfer.rows.UnreadableFile.Kind;

/** Counts the rows on their way to the sink, and compares them with the closing row at the end. */
final class Delivery {
  private static final String REMOVE_IT = "; remove that line to use the file all the same";

  private final RowSink sink;
  private final long mostRows;
  private long rows;
  private @Nullable ClosingRow closing;
  private long closingLine;

  Delivery(RowSink sink, long mostRows) {
    this.sink = sink;
    this.mostRows = mostRows;
  }

  void columns(List<String> names) throws IOException {
    sink.columns(names);
  }

  void row(Row row) throws IOException {
    refuseAfterClosing();
    if (rows == mostRows) {
      throw new UnreadableFile(
          Kind.TOO_MANY_ROWS, row.line(), "the file has more than " + mostRows + " rows");
    }
    rows++;
    sink.row(row);
  }

  void closing(ClosingRow row, long line) throws UnreadableFile {
    refuseAfterClosing();
    closing = row;
    closingLine = line;
  }

  private void refuseAfterClosing() throws UnreadableFile {
    if (closing != null) {
      throw new UnreadableFile(
          Kind.CLOSING_ROW,
          closingLine,
          "rows follow the closing row of an export, in line " + closingLine + REMOVE_IT);
    }
  }

  /** How many rows there were. {@code digest} is that of all bytes before a closing row. */
  long end(byte @Nullable [] digest) throws UnreadableFile {
    if (closing != null && !closing.fits(rows, digest)) {
      throw new UnreadableFile(
          Kind.CLOSING_ROW,
          closingLine,
          "rows were lost, added or changed since this file was exported, says its closing row in"
              + " line "
              + closingLine
              + REMOVE_IT);
    }
    return rows;
  }
}
