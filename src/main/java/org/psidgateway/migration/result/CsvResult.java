package org.psidgateway.migration.result;

import java.util.HashSet;
import java.util.List;
import org.psidgateway.migration.list.Content;
import org.psidgateway.migration.list.ListTables;
import org.psidgateway.transfer.rows.ClosingRow;
import org.psidgateway.transfer.rows.FileFormat;

/**
 * Rows as CSV: the cells of a CSV as they came, filled up to the widest row, or one cell with the
 * text; then PSID, status and reason. There is a header unless the list was a CSV without one.
 */
final class CsvResult implements ResultText {
  private static final int OWN = 3;

  private final Content content;

  CsvResult(Content content) {
    this.content = content;
  }

  @Override
  public void addHeader(TextBytes out) {
    List<String> columns = columns();
    if (columns.isEmpty()) {
      return;
    }
    for (String column : columns) {
      out.cell(column).add(',');
    }
    pad(out, columns.size());
    Names names = Names.beside(new HashSet<>(columns));
    out.add(names.psid() + "," + names.status() + "," + names.reason() + "\n");
  }

  private List<String> columns() {
    if (content.format() == FileFormat.CSV) {
      return content.columns() == null ? List.of() : content.columns();
    }
    return List.of(content.format() == FileFormat.TEXT ? "asid" : "item");
  }

  @Override
  public void addRow(TextBytes out, ListRow row, Outcome outcome) {
    if (row.isErased()) {
      pad(out, 0);
    } else if (content.format() == FileFormat.CSV) {
      byte[] line = row.text();
      out.add(line, 0, line.length).add(',');
      pad(out, CsvLine.width(line));
    } else {
      byte[] text = row.text();
      int from = text.length > 0 && text[0] == ListTables.NO_JSON ? 1 : 0;
      out.cell(text, from, text.length).add(',');
    }
    if (outcome.psid() > 0) {
      out.add(Long.toString(outcome.psid()));
    }
    out.add("," + outcome.status() + ",")
        .add(outcome.reason() == null ? "" : outcome.reason())
        .add('\n');
  }

  private void pad(TextBytes out, int width) {
    out.add(',', Math.max(0, content.width() - width));
  }

  @Override
  public byte[] closing(long count, byte[] sha256) {
    return ClosingRow.csv(count, sha256, content.width() + OWN);
  }
}
