package org.psidgateway.transfer.rows;

import java.io.IOException;

/**
 * A file that can't be read as a whole. The message is for people, names the place where there is
 * one, and contains nothing of the file.
 */
public final class UnreadableFile extends IOException {
  private static final long serialVersionUID = 1;

  /** What stands in the way. */
  public enum Kind {
    ENCODING,
    SYNTAX,
    COLUMNS,
    TOO_LARGE,
    TOO_MANY_ROWS,
    BOMB,
    CLOSING_ROW
  }

  private final Kind kind;
  private final long line;

  UnreadableFile(Kind kind, long line, String message) {
    super(message);
    this.kind = kind;
    this.line = line;
  }

  public Kind kind() {
    return kind;
  }

  /** As {@link Row#line}; 0 if none in particular. Of an encoding always a line, in JSON too. */
  public long line() {
    return line;
  }
}
