package org.psidgateway.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.psidgateway.model.Answers;
import org.psidgateway.model.PageId;
import org.psidgateway.resolve.Query;
import org.psidgateway.resolve.Resolver;
import org.psidgateway.security.Access;
import org.psidgateway.security.Allowance;
import org.psidgateway.security.Role;

/** The main job: a list of ids in, what is known or can be learnt of them out. */
@Path("/v1/pages/{page_id}/mappings/resolve")
@Authenticated
class ResolveResource {
  private final Access access;
  private final KnownPages pages;
  private final Resolver resolver;

  ResolveResource(Access access, KnownPages pages, Resolver resolver) {
    this.access = access;
    this.pages = pages;
    this.resolver = resolver;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<Buffer>> resolve(
      @RestPath("page_id") String pageId, ResolveRequest request, @Context RoutingContext context) {
    long begun = System.nanoTime();
    PageId page = KnownPages.parse(pageId);
    access.require(request.knownOnly() ? Role.READ : Role.CONVERT);
    Patience patience = Patience.of(context.request().headers().getAll("Prefer"));
    Query query =
        new Query(
            page,
            request.asids(),
            request.knownOnly(),
            request.lane(),
            request.idsMayBePsids(),
            begun + patience.duration().toNanos());
    int ids = request.asids().length;
    Allowance allowance = access.allowance();
    if (!pages.remembers(page)) {
      return pages
          .require(page, query.deadline() + StoreCalls.GRACE.toNanos())
          .invoke(() -> CallerLimit.take(allowance, ids))
          .chain(found -> resolver.resolve(query))
          .map(done -> response(page, request, patience, done));
    }
    CallerLimit.take(allowance, ids);
    // What L1 knows whole is answered here and now: each step of a chain would cost as much again.
    Answers answers = resolver.begin(query);
    return resolver.isWhole(query, answers)
        ? Uni.createFrom().item(response(page, request, patience, resolver.end(answers)))
        : resolver.resolve(query, answers).map(done -> response(page, request, patience, done));
  }

  private static RestResponse<Buffer> response(
      PageId page, ResolveRequest request, Patience patience, Answers answers) {
    ResolveAnswer answer = new ResolveAnswer(request, answers);
    RestResponse.ResponseBuilder<Buffer> response =
        RestResponse.ResponseBuilder.ok(answer.toBuffer(page), MediaType.APPLICATION_JSON_TYPE);
    if (patience.asked()) {
      response.header("Preference-Applied", patience.applied());
    }
    if (answer.anythingPending()) {
      response.header(
          HttpHeaders.RETRY_AFTER, String.valueOf(RetryAfter.jittered(answer.retryAfterSeconds())));
    }
    return response.build();
  }
}
