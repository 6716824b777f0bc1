package org.psidgateway.books;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;

/** One entry of the ledger; numbers grow in the order of grants. */
public sealed interface LedgerEntry {
  long number();

  /**
   * An upstream call, with its state at present.
   *
   * @param page null if it asked about all Pages at once
   * @param callers how many of its ids each caller asked first; null if that was not recorded
   */
  record Call(
      long number,
      UUID callId,
      @Nullable PageId page,
      Lane lane,
      String state,
      int asked,
      @Nullable Map<String, Integer> callers,
      int returned,
      @Nullable String outcome,
      boolean probe,
      boolean retry,
      boolean isolation,
      Instant grantedAt,
      @Nullable Instant settledAt)
      implements LedgerEntry {}

  /**
   * The upstream's own figure, taken over.
   *
   * @param was what the ledger had committed before
   * @param cleared uncertain units that the figure took the place of
   * @param asOf calls settled later were added to it
   */
  record Reconciliation(
      long number,
      long committed,
      long was,
      long cleared,
      Instant asOf,
      String note,
      String notedBy,
      Instant notedAt)
      implements LedgerEntry {}
}
