package org.psidgateway.api.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Ledger;

/** What calls about the ledger give. No id of a person is in it. */
final class LedgerBodies {
  private LedgerBodies() {}

  /** The quota, in PSIDs. */
  record Quota(
      long limit,
      long committed,
      long held,
      long uncertain,
      long remaining,
      @JsonProperty("reserve_floor") long reserveFloor,
      @JsonProperty("upstream_quota_suspected") boolean upstreamQuotaSuspected) {

    static Quota of(Ledger.Quota quota) {
      return new Quota(
          quota.limit(),
          quota.committed(),
          quota.held(),
          quota.uncertain(),
          quota.remaining(),
          quota.reserveFloor(),
          quota.suspectedExhausted());
    }
  }

  /** The window. */
  record Window(
      String state,
      @JsonProperty("approved_on") @Nullable LocalDate approvedOn,
      @JsonProperty("closes_at") @Nullable Instant closesAt,
      @JsonProperty("days_remaining") @Nullable Long daysRemaining,
      @JsonProperty("window_suspected_closed") boolean windowSuspectedClosed) {

    static Window of(Ledger.Window window) {
      return new Window(
          window.state().name().toLowerCase(Locale.ROOT),
          window.approvedOn(),
          window.closesAt(),
          window.daysRemaining(),
          window.suspectedClosed());
    }
  }

  /** Some entries of the ledger, latest first. */
  record Listing(List<Entry> items, @JsonProperty("next_cursor") @Nullable String nextCursor) {}

  /** One entry, of the kind that {@code kind} says. */
  sealed interface Entry {
    static Entry of(Ledger.Entry entry) {
      return entry instanceof Ledger.Entry.Call call
          ? Call.of(call)
          : Reconciliation.of((Ledger.Entry.Reconciliation) entry);
    }
  }

  /** An upstream call. */
  record Call(
      long entry,
      String kind,
      @JsonProperty("call_id") UUID callId,
      @JsonProperty("page_id") String pageId,
      String lane,
      String state,
      int asked,
      int returned,
      @Nullable String outcome,
      boolean probe,
      boolean retry,
      boolean isolation,
      @JsonProperty("granted_at") Instant grantedAt,
      @JsonProperty("settled_at") @Nullable Instant settledAt)
      implements Entry {

    static Call of(Ledger.Entry.Call call) {
      return new Call(
          call.number(),
          "call",
          call.callId(),
          call.page().toString(),
          call.lane().name().toLowerCase(Locale.ROOT),
          call.state(),
          call.asked(),
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
  record Reconciliation(
      long entry,
      String kind,
      long committed,
      long was,
      long cleared,
      @JsonProperty("as_of") Instant asOf,
      String note,
      @JsonProperty("noted_by") String notedBy,
      @JsonProperty("noted_at") Instant notedAt)
      implements Entry {

    static Reconciliation of(Ledger.Entry.Reconciliation figure) {
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
