package org.psidgateway.transfer.rows;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Ids;

/** One row of a file. Immutable; may be kept. */
public final class Row {
  private final long line;
  private final List<String> cells;
  private final long[] values;

  /** {@code values}, which it keeps, are those of {@link Value}, one for each wanted column. */
  Row(long line, List<String> cells, long[] values) {
    this.line = line;
    this.cells = cells;
    this.values = values;
  }

  /** The line where the row begins, of JSON the number of the item; from 1 on. */
  public long line() {
    return line;
  }

  /** The id in a wanted column, counted from 0; {@link Ids#MALFORMED} if it is none. */
  public long id(int wanted) {
    return Value.id(values[wanted]);
  }

  /** Why there is no id in that column; null if there is one. */
  public @Nullable Flaw flaw(int wanted) {
    return Value.flaw(values[wanted]);
  }

  /**
   * The row as it came: all cells of a record of CSV, the one line of a text, the JSON of an item.
   */
  public List<String> cells() {
    return cells;
  }
}
