package org.psidgateway.ledger;

import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.PageId;

/** Finds the account of a call that another process has made. Thread-safe. */
public interface Accounts {

  /** For settlements alone; null if it is gone. Blocks. */
  @Nullable Account of(UUID id, PageId page) throws SQLException;
}
