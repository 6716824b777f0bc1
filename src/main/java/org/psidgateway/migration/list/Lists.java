package org.psidgateway.migration.list;

import jakarta.inject.Singleton;
import java.sql.SQLException;

/** Makes the tables of lists, and drops them. Methods block. Thread-safe. */
@Singleton
public class Lists {

  /** Creates the tables of a new list. They go unless they are bound before the list is closed. */
  public NewList create() throws SQLException {
    throw new UnsupportedOperationException();
  }

  /** Drops the tables of a list that nobody needs any more. */
  public void drop(long no) throws SQLException {
    throw new UnsupportedOperationException();
  }
}
