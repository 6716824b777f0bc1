package org.psidgateway.api.admin;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.books.Books;
import org.psidgateway.db.Outage;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;

/** What may still be spent, and until when. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
class LedgerResource {
  private final Access access;
  private final Books books;
  private final StoreCalls store;
  private final StrictJson json;

  LedgerResource(Access access, Books books, StoreCalls store, StrictJson json) {
    this.access = access;
    this.books = books;
    this.store = store;
    this.json = json;
  }

  @GET
  @Path("/quota")
  public Uni<LedgerBodies.Quota> quota() {
    access.require(Role.READ);
    return store.read(() -> LedgerBodies.Quota.of(books.quota(), books.converted()));
  }

  @GET
  @Path("/window")
  public Uni<LedgerBodies.Window> window() {
    access.require(Role.READ);
    return store
        .read(books::window)
        .onFailure(Outage::is)
        .recoverWithItem(books::recallWindow)
        .map(LedgerBodies.Window::of);
  }

  /** For good, so a body that means something else is refused rather than passed over. */
  @POST
  @Path("/window/seal")
  @Blocking // the body is a stream
  public Uni<LedgerBodies.Window> seal(InputStream body) throws IOException {
    json.readNothing(body);
    access.require(Role.ADMIN);
    return store.write(() -> LedgerBodies.Window.of(books.seal()));
  }
}
