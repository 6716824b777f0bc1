package org.psidgateway.ops;

import java.sql.SQLException;

/**
 * A bean with work that a start does in PostgreSQL once the schema is migrated, and before anything
 * is served. Steps run one after the other, the highest {@link jakarta.annotation.Priority} first.
 */
public interface StartStep {
  /** For the first step: whose database this is, before anything is written. */
  int FIRST = 100;

  /** For any other one. */
  int LATER = 1;

  /**
   * Blocks. If PostgreSQL is away (see {@link org.psidgateway.db.Outage}) it throws that failure,
   * and is run again later from its beginning; anything else that it throws ends the start.
   */
  void run() throws SQLException;
}
