package org.psidgateway.api.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.books.CallerSpending;
import org.psidgateway.books.LedgerEntry;
import org.psidgateway.books.QuotaReport;
import org.psidgateway.books.WindowReport;

/** The bodies of answers about the ledger. They hold no id of a person. */
final class LedgerBodies {
  private LedgerBodies() {}

  /** The quota, in PSIDs. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Quota(
      @Nullable Long limit,
      long committed,
      long held,
      long uncertain,
      @Nullable Long remaining,
      @Nullable Long reserveFloor,
      long converted,
      boolean upstreamQuotaSuspected) {

    static Quota of(QuotaReport quota, long converted) {
      return new Quota(
          quota.limit(),
          quota.committed(),
          quota.held(),
          quota.uncertain(),
          quota.remaining(),
          quota.reserveFloor(),
          converted,
          quota.suspectedExhausted());
    }
  }

  /** The window. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Window(
      String state,
      @Nullable LocalDate approvedOn,
      @Nullable Instant closesAt,
      @Nullable Long daysRemaining,
      boolean windowSuspectedClosed) {

    static Window of(WindowReport window) {
      return new Window(
          window.state().name().toLowerCase(Locale.ROOT),
          window.approvedOn(),
          window.closesAt(),
          window.daysRemaining(),
          window.suspectedClosed());
    }
  }

  /** Who spent the quota. */
  record Callers(List<Caller> items) {
    static Callers of(List<CallerSpending> found) {
      return new Callers(found.stream().map(Caller::of).toList());
    }
  }

  /** One caller's part; the caller is null for calls from before callers were recorded. */
  record Caller(@Nullable String caller, long conversions, long calls, double share) {
    static Caller of(CallerSpending one) {
      return new Caller(one.caller(), one.conversions(), one.calls(), one.share());
    }
  }

  /** Some entries of the ledger, latest first. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Listing(List<Entry> items, @Nullable String nextCursor) {}

  /** One entry, of the kind that {@code kind} says. */
  sealed interface Entry {
    static Entry of(LedgerEntry entry) {
      return entry instanceof LedgerEntry.Call call
          ? Call.of(call)
          : Reconciliation.of((LedgerEntry.Reconciliation) entry);
    }
  }

  /** An upstream call. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Call(
      long entry,
      String kind,
      UUID callId,
      @Nullable String pageId,
      String lane,
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
      implements Entry {

    static Call of(LedgerEntry.Call call) {
      return new Call(
          call.number(),
          "call",
          call.callId(),
          call.page() == null ? null : call.page().toString(),
          call.lane().name().toLowerCase(Locale.ROOT),
          call.state(),
          call.asked(),
          call.callers(),
          call.returned(),
          call.outcome(),
          call.probe(),
          call.retry(),
          call.isolation(),
          call.grantedAt(),
          call.settledAt());
    }
  }

  /** The upstream's own figure, taken over. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Reconciliation(
      long entry,
      String kind,
      long committed,
      long was,
      long cleared,
      Instant asOf,
      String note,
      String notedBy,
      Instant notedAt)
      implements Entry {

    static Reconciliation of(LedgerEntry.Reconciliation figure) {
      return new Reconciliation(
          figure.number(),
          "reconciliation",
          figure.committed(),
          figure.was(),
          figure.cleared(),
          figure.asOf(),
          figure.note(),
          figure.notedBy(),
          figure.notedAt());
    }
  }
}
