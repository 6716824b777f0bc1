package org.psidgateway.transfer.rows;

import java.util.List;
import java.util.stream.IntStream;
import org.psidgateway.transfer.rows.UnreadableFile.Kind;

/** Where the wanted columns of a CSV are, found out by its first record. */
final class CsvColumns {
  private final boolean header;
  private final int[] positions;

  private CsvColumns(boolean header, int[] positions) {
    this.header = header;
    this.positions = positions;
  }

  /**
   * By name if the first record has one of the names; else it is a row, and the first columns are
   * meant.
   *
   * @throws UnreadableFile if it has the names in part, or is neither names nor values
   */
  static CsvColumns of(CsvRecords.Cells first, List<String> wanted) throws UnreadableFile {
    if (wanted.stream().anyMatch(name -> named(name, first.cells()).length > 0)) {
      int[] positions = new int[wanted.size()];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = position(wanted.get(i), first);
      }
      return new CsvColumns(true, positions);
    }
    if (first.cells().stream().limit(wanted.size()).noneMatch(CsvColumns::hasDigit)) {
      throw new UnreadableFile(
          Kind.COLUMNS,
          first.line(),
          "the first line names no column \"" + wanted.get(0) + "\"; ?column= can name it");
    }
    return new CsvColumns(false, IntStream.range(0, wanted.size()).toArray());
  }

  /** Whether the first record is not a row but names. */
  boolean header() {
    return header;
  }

  long[] values(List<String> cells) {
    long[] values = new long[positions.length];
    for (int i = 0; i < values.length; i++) {
      int position = positions[i];
      values[i] = position < cells.size() ? Value.of(cells.get(position)) : Value.of(Flaw.MISSING);
    }
    return values;
  }

  /** The positions of a name, written in any case and with blanks around it. */
  static int[] named(String name, List<String> cells) {
    return IntStream.range(0, cells.size())
        .filter(i -> cells.get(i).strip().equalsIgnoreCase(name.strip()))
        .toArray();
  }

  private static int position(String name, CsvRecords.Cells first) throws UnreadableFile {
    int[] positions = named(name, first.cells());
    if (positions.length != 1) {
      String column = "column \"" + name + "\"";
      throw new UnreadableFile(
          Kind.COLUMNS,
          first.line(),
          positions.length == 0
              ? "the first line names no " + column + ", which is needed"
              : "the first line names the " + column + " more than once");
    }
    return positions[0];
  }

  private static boolean hasDigit(String cell) {
    return cell.chars().anyMatch(c -> c >= '0' && c <= '9');
  }
}
