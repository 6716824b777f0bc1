package org.psidgateway.api;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;

/** What may still be spent, and until when. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Blocking
class LedgerResource {
  private final Access access;
  private final Ledger ledger;
  private final StrictJson json;

  LedgerResource(Access access, Ledger ledger, StrictJson json) {
    this.access = access;
    this.ledger = ledger;
    this.json = json;
  }

  @GET
  @Path("/quota")
  public LedgerBodies.Quota quota() throws SQLException {
    access.require(Role.READ);
    return LedgerBodies.Quota.of(ledger.quota());
  }

  @GET
  @Path("/window")
  public LedgerBodies.Window window() {
    access.require(Role.READ);
    return LedgerBodies.Window.of(ledger.window());
  }

  /** For good, so a body that means something else is refused rather than passed over. */
  @POST
  @Path("/window/seal")
  public LedgerBodies.Window seal(InputStream body) throws IOException, SQLException {
    json.readNothing(body);
    access.require(Role.ADMIN);
    return LedgerBodies.Window.of(ledger.seal());
  }
}
