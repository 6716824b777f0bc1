package org.psidgateway.migration.result;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.migration.list.Content;
import org.psidgateway.migration.list.ListTables;
import org.psidgateway.transfer.rows.ClosingRow;
import org.psidgateway.transfer.rows.FileFormat;

/**
 * Rows as NDJSON. Of a CSV with a header, an object of its columns; without one, its {@code cells};
 * of a text, the line as {@code asid}; of JSON, the object as it came, or any other {@code item}.
 * Then PSID, status and reason.
 */
final class NdjsonResult implements ResultText {
  private final FileFormat format;
  private final @Nullable List<String> columns;
  private final int named;
  private final Names names;

  NdjsonResult(Content content) {
    this.format = content.format();
    List<String> header = content.columns();
    this.names = header == null ? Names.PLAIN : Names.beside(new HashSet<>(header));
    this.named = header == null ? 0 : header.size();
    this.columns = header == null ? null : names.distinct(wide(header, content.width()));
  }

  /** Rows may be wider than the header: where they are, cells have the number of their column. */
  private static List<String> wide(List<String> header, int width) {
    List<String> wide = new ArrayList<>(header);
    while (wide.size() < width) {
      wide.add("column_" + (wide.size() + 1));
    }
    return wide;
  }

  @Override
  public void addHeader(TextBytes out) {
    // the rows name their columns
  }

  @Override
  public void addRow(TextBytes out, ListRow row, Outcome outcome) {
    switch (format) {
      case CSV -> csv(out, row);
      case TEXT -> {
        out.add("{\"asid\":");
        value(out, row);
      }
      case NDJSON, JSON -> {
        if (isJson(row)) {
          Item item = Item.of(row.text());
          if (item.isObject()) {
            item.addOpen(out);
            end(out, item.names(), item.isEmpty(), outcome);
            return;
          }
        }
        out.add("{\"item\":");
        item(out, row);
      }
    }
    end(out, names, false, outcome);
  }

  private static boolean isJson(ListRow row) {
    return !row.isErased() && !row.isJustItsId() && !isNoJson(row.text());
  }

  private static boolean isNoJson(byte[] text) {
    return text.length > 0 && text[0] == ListTables.NO_JSON;
  }

  private void csv(TextBytes out, ListRow row) {
    List<byte[]> cells = row.isErased() ? List.of() : CsvLine.cells(row.text());
    List<String> keys = columns;
    if (keys == null) {
      out.add("{\"cells\":[");
      for (int i = 0; i < cells.size(); i++) {
        out.add(i == 0 ? "" : ",").json(cells.get(i), 0, cells.get(i).length);
      }
      out.add("]");
      return;
    }
    for (int i = 0; i < Math.max(named, cells.size()); i++) {
      byte[] cell = i < cells.size() ? cells.get(i) : new byte[0];
      out.add(i == 0 ? "{" : ",").json(keys.get(i)).add(":").json(cell, 0, cell.length);
    }
  }

  private static void value(TextBytes out, ListRow row) {
    if (row.isErased()) {
      out.add("null");
    } else {
      byte[] text = row.text();
      out.json(text, isNoJson(text) ? 1 : 0, text.length);
    }
  }

  private static void item(TextBytes out, ListRow row) {
    if (isJson(row)) {
      out.add(row.text(), 0, row.text().length);
    } else {
      value(out, row);
    }
  }

  private static void end(TextBytes out, Names names, boolean first, Outcome outcome) {
    out.add(first ? "" : ",").json(names.psid()).add(":");
    out.add(outcome.psid() > 0 ? "\"" + outcome.psid() + "\"" : "null").add(",");
    out.json(names.status()).add(":").json(outcome.status()).add(",");
    out.json(names.reason()).add(":");
    String reason = outcome.reason();
    if (reason == null) {
      out.add("null}\n");
    } else {
      out.json(reason).add("}\n");
    }
  }

  @Override
  public byte[] closing(long count, byte[] sha256) {
    return ClosingRow.ndjson(count, sha256);
  }
}
