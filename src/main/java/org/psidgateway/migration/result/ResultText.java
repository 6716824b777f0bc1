package org.psidgateway.migration.result;

/** How rows of a list leave, with what became of each. */
interface ResultText {
  /** Adds what stands before the first row, which may be nothing. */
  void addHeader(TextBytes out);

  /** Adds one row, with its line end. */
  void addRow(TextBytes out, ListRow row, Outcome outcome);

  byte[] closing(long count, byte[] sha256);
}
