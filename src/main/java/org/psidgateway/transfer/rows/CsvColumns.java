package org.psidgateway.transfer.rows;

import java.util.List;
import java.util.stream.IntStream;
import org.psidgateway.transfer.rows.UnreadableFile.Kind;

/** Where the wanted columns of a CSV are, found out by its first record. */
final class CsvColumns {
  private final boolean header;
  private final int[] positions;
  private final int width;

  private CsvColumns(boolean header, int[] positions, int width) {
    this.header = header;
    this.positions = positions;
    this.width = width;
  }

  /**
   * By name if the first record has one of the names; else it is a row, and the first columns are
   * meant.
   *
   * @param named whether the caller has named a column, which then has to be there
   * @throws UnreadableFile if it has the names in part, or is neither names nor values
   */
  static CsvColumns of(CsvRecords.Cells first, List<String> wanted, boolean named)
      throws UnreadableFile {
    if (wanted.stream().anyMatch(name -> named(name, first.cells()).length > 0)) {
      int[] positions = new int[wanted.size()];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = position(wanted.get(i), first);
      }
      return new CsvColumns(true, positions, first.cells().size());
    }
    if (named || first.cells().stream().limit(wanted.size()).noneMatch(CsvColumns::isLikeAValue)) {
      throw new UnreadableFile(
          Kind.COLUMNS,
          first.line(),
          "the first line names no column \"" + wanted.get(0) + "\"; ?column= can name it");
    }
    return new CsvColumns(false, IntStream.range(0, wanted.size()).toArray(), first.cells().size());
  }

  /** Whether the first record is not a row but names. */
  boolean header() {
    return header;
  }

  /**
   * The wanted ones. None of them counts in a row with more cells than the first one: a separator
   * within a value has moved them, or is part of an id.
   */
  long[] values(List<String> cells) {
    long[] values = new long[positions.length];
    boolean shifted = cells.stream().skip(width).anyMatch(cell -> !cell.isEmpty());
    for (int i = 0; i < values.length; i++) {
      int position = positions[i];
      values[i] =
          shifted
              ? Value.of(Flaw.SURPLUS)
              : position < cells.size() ? Value.of(cells.get(position)) : Value.of(Flaw.MISSING);
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

  /** Whatever a spreadsheet did to an id, its digits come first; in a name letters do. */
  private static boolean isLikeAValue(String cell) {
    return cell.codePoints()
        .filter(Character::isLetterOrDigit)
        .limit(1)
        .anyMatch(c -> c >= '0' && c <= '9');
  }
}
