package org.psidgateway.migration.list;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Ids;
import org.psidgateway.transfer.rows.FileFormat;

/** What is kept of a row, as {@link ListTables} has it; null if its id says it all. */
final class RowText {
  private RowText() {}

  static byte @Nullable [] csv(List<String> cells, long asid) {
    if (cells.size() == 1 && asid != Ids.MALFORMED) {
      return null;
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(i == 0 ? "" : ",");
      add(cells.get(i), line);
    }
    return bytes(line.toString());
  }

  private static void add(String cell, StringBuilder line) {
    if (cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')) {
      line.append('"').append(cell.replace("\"", "\"\"")).append('"');
    } else {
      line.append(cell);
    }
  }

  /**
   * @param noJson whether the line of NDJSON can't be told as JSON
   */
  static byte @Nullable [] text(String text, long asid, FileFormat format, boolean noJson) {
    if (noJson) {
      byte[] bytes = bytes(" " + text);
      bytes[0] = ListTables.NO_JSON;
      return bytes;
    }
    if (asid != Ids.MALFORMED
        && text.equals(format == FileFormat.TEXT ? "" + asid : "\"" + asid + "\"")) {
      return null;
    }
    // Between the tokens of an item there may be line ends, which mean nothing and can't stay.
    return bytes(format == FileFormat.JSON ? text.replace('\n', ' ').replace('\r', ' ') : text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
