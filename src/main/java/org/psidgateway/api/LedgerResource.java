package org.psidgateway.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.security.Authenticated;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;

/** What may still be spent, and until when. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
class LedgerResource {
  private final Access access;
  private final Ledger ledger;

  LedgerResource(Access access, Ledger ledger) {
    this.access = access;
    this.ledger = ledger;
  }

  @GET
  @Path("/quota")
  public Quota quota() throws SQLException {
    access.require(Role.READ);
    Ledger.Quota quota = ledger.quota();
    return new Quota(
        quota.limit(),
        quota.committed(),
        quota.held(),
        quota.uncertain(),
        quota.remaining(),
        quota.reserveFloor());
  }

  @GET
  @Path("/window")
  public Window window() {
    access.require(Role.READ);
    Ledger.Window window = ledger.window();
    return new Window(
        window.state().name().toLowerCase(Locale.ROOT),
        window.approvedOn(),
        window.closesAt(),
        window.daysRemaining());
  }

  /** The quota on the wire, in PSIDs. */
  record Quota(
      long limit,
      long committed,
      long held,
      long uncertain,
      long remaining,
      @JsonProperty("reserve_floor") long reserveFloor) {}

  /** The window on the wire. */
  record Window(
      String state,
      @JsonProperty("approved_on") @Nullable LocalDate approvedOn,
      @JsonProperty("closes_at") @Nullable Instant closesAt,
      @JsonProperty("days_remaining") @Nullable Long daysRemaining) {}
}
