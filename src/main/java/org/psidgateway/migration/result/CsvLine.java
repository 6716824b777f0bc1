package org.psidgateway.migration.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A line of CSV as lists keep it: separated by commas, in quotes where that is needed. */
final class CsvLine {
  private CsvLine() {}

  /** How many cells there are. */
  static int width(byte[] line) {
    int width = 1;
    boolean quoted = false;
    for (byte b : line) {
      quoted ^= b == '"';
      width += b == ',' && !quoted ? 1 : 0;
    }
    return width;
  }

  /** The bytes of each cell, without quotes. */
  static List<byte[]> cells(byte[] line) {
    List<byte[]> cells = new ArrayList<>();
    byte[] cell = new byte[line.length];
    int length = 0;
    boolean quoted = false;
    for (int i = 0; i < line.length; i++) {
      byte b = line[i];
      if (b == ',' && !quoted) {
        cells.add(Arrays.copyOf(cell, length));
        length = 0;
      } else if (b != '"') {
        cell[length++] = b;
      } else {
        // Of two of them the second stays: it opens what the first has closed.
        if (!quoted && i > 0 && line[i - 1] == '"') {
          cell[length++] = b;
        }
        quoted = !quoted;
      }
    }
    cells.add(Arrays.copyOf(cell, length));
    return cells;
  }
}
