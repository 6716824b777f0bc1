package org.psidgateway.migration.result;

/** How rows of a list leave, with what became of each. */
interface ResultText {
  /** What stands before the first row; may be empty. */
  byte[] header();

  /** Adds one row, with its line end. */
  void add(TextBytes out, ListRow row, Outcome outcome);

  byte[] closing(long count, byte[] sha256);
}
