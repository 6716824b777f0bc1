package org.psidgateway.api.mapping;

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
import org.psidgateway.api.RegisteredPages;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.RetryAfter;
import org.psidgateway.model.Answers;
import org.psidgateway.model.PageId;
import org.psidgateway.resolve.ResolveQuery;
import org.psidgateway.resolve.Resolver;
import org.psidgateway.security.Access;
import org.psidgateway.security.Allowance;
import org.psidgateway.security.Role;
import org.psidgateway.time.Ticker;

/** The main job: a list of ids in, what is known or can be learnt of them out. */
@Path("/v1/pages/{page_id}/mappings/resolve")
@Authenticated
class ResolveResource {
  private final Access access;
  private final RegisteredPages pages;
  private final Resolver resolver;
  private final Ticker ticker;

  ResolveResource(Access access, RegisteredPages pages, Resolver resolver, Ticker ticker) {
    this.access = access;
    this.pages = pages;
    this.resolver = resolver;
    this.ticker = ticker;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<Buffer>> resolve(
      @RestPath("page_id") String pageId, ResolveRequest request, @Context RoutingContext context) {
    long begun = ticker.nanos();
    PageId page = RegisteredPages.parse(pageId);
    access.require(request.knownOnly() ? Role.READ : Role.CONVERT);
    PreferWait prefer = PreferWait.of(context.request().headers().getAll("Prefer"));
    ResolveQuery query =
        new ResolveQuery(
            page,
            access.callerName(),
            request.asids(),
            request.knownOnly(),
            request.lane(),
            request.idsMayBePsids(),
            begun + prefer.duration().toNanos());
    int ids = request.asids().length;
    Allowance allowance = access.allowance();
    return pages
        .require(page, query.deadline() + StoreCalls.GRACE.toNanos())
        .invoke(() -> CallerLimit.take(allowance, ids))
        .chain(found -> resolver.resolve(query))
        .map(answers -> response(page, request, prefer, answers));
  }

  private static RestResponse<Buffer> response(
      PageId page, ResolveRequest request, PreferWait prefer, Answers answers) {
    ResolveAnswer answer = new ResolveAnswer(request, answers);
    RestResponse.ResponseBuilder<Buffer> response =
        RestResponse.ResponseBuilder.ok(answer.toBuffer(page), MediaType.APPLICATION_JSON_TYPE)
            .header(HttpHeaders.VARY, "Prefer");
    if (prefer.asked()) {
      response.header("Preference-Applied", prefer.applied());
    }
    if (answer.worthAskingAgain()) {
      response.header(
          HttpHeaders.RETRY_AFTER, String.valueOf(RetryAfter.jittered(answer.retryAfterSeconds())));
    }
    return response.build();
  }
}
