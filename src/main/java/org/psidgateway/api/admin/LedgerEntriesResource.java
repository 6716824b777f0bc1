package org.psidgateway.api.admin;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.Rfc3339;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.books.Books;
import org.psidgateway.books.LedgerEntry;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;

/** The ledger entry by entry and by caller, and what the upstream itself says was spent. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
class LedgerEntriesResource {
  private static final int DEFAULT_LIMIT = 100;
  private static final Duration DEFAULT_PERIOD = Duration.ofDays(30);
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,2}|1000");

  private final Access access;
  private final Books books;
  private final StoreCalls store;
  private final StrictJson json;
  private final InstantSource clock;

  LedgerEntriesResource(
      Access access, Books books, StoreCalls store, StrictJson json, InstantSource clock) {
    this.access = access;
    this.books = books;
    this.store = store;
    this.json = json;
    this.clock = clock;
  }

  @GET
  @Path("/quota/entries")
  public Uni<LedgerBodies.Listing> entries(
      @RestQuery @Nullable String cursor, @RestQuery @Nullable String limit) {
    long before = cursor == null ? Long.MAX_VALUE : Cursor.parse(cursor);
    int most = limit(limit);
    access.require(Role.ADMIN);
    // One more shows that there is a next page.
    return store.read(() -> books.entries(before, most + 1)).map(found -> listing(found, most));
  }

  private static LedgerBodies.Listing listing(List<LedgerEntry> found, int most) {
    List<LedgerEntry> shown = found.subList(0, Math.min(most, found.size()));
    return new LedgerBodies.Listing(
        shown.stream().map(LedgerBodies.Entry::of).toList(),
        found.size() > most ? Cursor.of(shown.get(most - 1).number()) : null);
  }

  @GET
  @Path("/quota/callers")
  public Uni<LedgerBodies.Callers> callers(@RestQuery @Nullable String since) {
    Instant from = since == null ? clock.instant().minus(DEFAULT_PERIOD) : moment(since);
    access.require(Role.ADMIN);
    return store.read(() -> LedgerBodies.Callers.of(books.callers(from)));
  }

  private static Instant moment(String since) {
    return Rfc3339.parse(since).orElseThrow(() -> Problem.parameter("since", Rfc3339.EXPECTED));
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (!LIMIT.matcher(text).matches()) {
      throw Problem.parameter("limit", "must be 1 to 1000");
    }
    return Integer.parseInt(text);
  }

  @POST
  @Path("/quota/reconciliations")
  @Consumes(MediaType.APPLICATION_JSON)
  @Blocking // the body is a stream
  public Uni<RestResponse<LedgerBodies.Reconciliation>> reconcile(
      InputStream body, @Context UriInfo uris) throws IOException {
    ReconciliationRequest.Checked figure =
        json.read(body, ReconciliationRequest.class).checked(clock.instant());
    access.require(Role.ADMIN);
    String caller = access.callerName();
    URI base = uris.getBaseUri();
    return store
        .write(() -> books.reconcile(figure.committed(), figure.asOf(), figure.note(), caller))
        .map(entry -> response(entry, base));
  }

  private static RestResponse<LedgerBodies.Reconciliation> response(
      LedgerEntry.Reconciliation entry, URI base) {
    // The first entry before the next number is this one, for good.
    URI location = base.resolve("v1/quota/entries?limit=1&cursor=" + Cursor.of(entry.number() + 1));
    return RestResponse.ResponseBuilder.<LedgerBodies.Reconciliation>created(location)
        .entity(LedgerBodies.Reconciliation.of(entry))
        .build();
  }
}
