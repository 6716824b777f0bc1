package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads CSV: RFC 4180, and what spreadsheets make of it. */
final class CsvRows {
  private final List<String> wanted;
  private final boolean named;
  private final Delivery delivery;
  private @Nullable CsvColumns columns;

  private CsvRows(List<String> wanted, boolean named, Delivery delivery) {
    this.wanted = wanted;
    this.named = named;
    this.delivery = delivery;
  }

  static void read(
      InputStream in,
      List<String> wanted,
      boolean named,
      @Nullable Character separator,
      Delivery delivery)
      throws IOException {
    CsvText text = new CsvText(in);
    CsvDialect dialect = CsvDialect.of(text.head(), separator, wanted);
    text.skipHead(dialect.told());
    CsvRecords records = new CsvRecords(text, dialect.separator(), dialect.told() > 0 ? 1 : 0);
    CsvRows rows = new CsvRows(wanted, named, delivery);
    CsvRecords.Cells record = records.next();
    while (record != null && !isEnd(record)) {
      rows.record(record);
      record = records.next();
    }
  }

  /** Whether there are no more records. */
  private static boolean isEnd(CsvRecords.Cells record) throws UnreadableFile {
    List<String> cells = record.cells();
    String last = cells.get(cells.size() - 1);
    if (last.equals(CsvText.END)) {
      return true;
    }
    if (last.endsWith(CsvText.END + "\n")) {
      throw CsvRecords.unreadable(record.line());
    }
    return false;
  }

  private void record(CsvRecords.Cells record) throws IOException {
    ClosingRow closing = ClosingRow.ofCsv(record.cells());
    if (closing != null) {
      delivery.closing(closing, record.line());
      return;
    }
    if (columns == null) {
      columns = CsvColumns.of(record, wanted, named);
      if (columns.header()) {
        delivery.columns(record.cells());
        return;
      }
    }
    delivery.row(new Row(record.line(), record.cells(), columns.values(record.cells())));
  }
}
