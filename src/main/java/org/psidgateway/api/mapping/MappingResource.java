package org.psidgateway.api.mapping;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.EntityTag;
import org.psidgateway.api.RegisteredPages;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.ProblemType;
import org.psidgateway.api.transfer.ViewParameters;
import org.psidgateway.model.Ids;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.resolve.Resolver;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;

/** What is known already, in both directions and page by page. Never spends. */
@Path("/v1/pages/{page_id}/mappings")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
class MappingResource {
  private static final String REVALIDATE = "private, no-cache";

  private final Access access;
  private final RegisteredPages pages;
  private final Resolver resolver;
  private final StoreCalls store;
  private final MappingPages listing;

  MappingResource(
      Access access,
      RegisteredPages pages,
      Resolver resolver,
      StoreCalls store,
      MappingPages listing) {
    this.access = access;
    this.pages = pages;
    this.resolver = resolver;
    this.store = store;
    this.listing = listing;
  }

  @GET
  @Path("/{asid}")
  public Uni<RestResponse<Buffer>> get(
      @RestPath("page_id") String pageId, @RestPath String asid, @Context RoutingContext context) {
    PageId page = RegisteredPages.parse(pageId);
    long id = id("asid", asid);
    access.require(Role.READ);
    long deadline = store.deadline();
    return pages
        .require(page, deadline)
        .chain(found -> resolver.find(page, id, deadline))
        .map(found -> response(found.orElseThrow(MappingResource::notKnown), context));
  }

  private static Problem notKnown() {
    return Problem.of(
        ProblemType.NOT_KNOWN,
        "Nothing is known about this id yet. A resolve request can ask for it.");
  }

  private static RestResponse<Buffer> response(Mapping mapping, RoutingContext context) {
    String tag = MappingETag.of(mapping);
    RestResponse.ResponseBuilder<Buffer> response =
        new EntityTag(tag).isAmong(context.request().headers().getAll(HttpHeaders.IF_NONE_MATCH))
            ? RestResponse.ResponseBuilder.create(RestResponse.Status.NOT_MODIFIED)
            : RestResponse.ResponseBuilder.ok(
                MappingJson.one(mapping), MediaType.APPLICATION_JSON_TYPE);
    return response
        .header(HttpHeaders.ETAG, tag)
        .header(HttpHeaders.CACHE_CONTROL, REVALIDATE)
        .build();
  }

  /** Every mapping that leads to a PSID; without one, all that is known, page by page. */
  @GET
  public Uni<Buffer> list(
      @RestPath("page_id") String pageId,
      @RestQuery @Nullable String psid,
      @RestQuery @Nullable String status,
      @RestQuery("updated_since") @Nullable String updatedSince,
      @RestQuery @Nullable String cursor,
      @RestQuery @Nullable String limit) {
    PageId page = RegisteredPages.parse(pageId);
    if (psid == null) {
      MappingPages.Wanted wanted =
          MappingPages.wanted(ViewParameters.query(page, status, updatedSince), cursor, limit);
      access.require(Role.EXPORT);
      return pages
          .require(page, store.deadline())
          .chain(found -> store.read(() -> listing.page(wanted)));
    }
    long id = id("psid", psid);
    access.require(Role.READ);
    long deadline = store.deadline();
    return pages
        .require(page, deadline)
        .chain(found -> resolver.findByPsid(page, id, deadline))
        .map(MappingJson::items);
  }

  private static long id(String parameter, String text) {
    long id = Ids.parse(text);
    if (id == Ids.MALFORMED) {
      throw Problem.parameter(
          parameter, "is not an id: 1 to 19 digits, no leading zero, at most 2^63-1");
    }
    return id;
  }
}
