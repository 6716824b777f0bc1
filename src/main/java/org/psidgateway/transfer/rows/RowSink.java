package org.psidgateway.transfer.rows;

import java.io.IOException;
import java.util.List;

/** Gets the rows of a file, in their order. What it throws ends the reading and is passed on. */
public interface RowSink {
  void row(Row row) throws IOException;

  /**
   * The names in the header of a CSV as they came, before the first row; not called if there is no
   * header.
   */
  default void columns(List<String> names) throws IOException {}
}
