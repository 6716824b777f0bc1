package org.psidgateway.ops;

import java.sql.SQLException;

/**
 * A bean that says what its package was started with. The parts make up one line of the log at the
 * end of a start, the highest {@link jakarta.annotation.Priority} first.
 */
public interface StartReport {
  int UPSTREAM = 6;
  int PACE = 5;
  int BOOKS = 4;
  int PAGES = 3;
  int CACHE = 2;
  int REPLICA = 1;

  /** A few words without a secret. May block, and fail as a {@link StartStep} may. */
  String report() throws SQLException;
}
