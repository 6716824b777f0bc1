package org.psidgateway.api.door;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.api.problem.EnabledBy;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.RetryAfter;
import org.psidgateway.db.Outage;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.resolve.ResolveQuery;
import org.psidgateway.resolve.Resolver;
import org.psidgateway.resolve.StoreUnreadable;
import org.psidgateway.security.Role;
import org.psidgateway.time.Ticker;

/**
 * {@code POST /pages_id_mapping}, with or without a version, as the Graph API answers it. Any media
 * type is accepted as {@code Accept}: there, too, nobody looks.
 */
@Path("/")
@EnabledBy(DoorResource.ENABLED)
class DoorResource {
  static final String ENABLED = "gateway.door.enabled";

  private final DoorConfig config;
  private final DoorCaller callers;
  private final Resolver resolver;
  private final PaceUse use;
  private final DoorMeters meters;
  private final Ticker ticker;

  DoorResource(
      DoorConfig config,
      DoorCaller callers,
      Resolver resolver,
      PaceUse use,
      DoorMeters meters,
      Ticker ticker) {
    this.config = config;
    this.callers = callers;
    this.resolver = resolver;
    this.use = use;
    this.meters = meters;
    this.ticker = ticker;
  }

  @POST
  @Path("pages_id_mapping")
  @Consumes(MediaType.WILDCARD)
  public Uni<RestResponse<Buffer>> map(InputStream body, @Context RoutingContext context) {
    long begun = ticker.nanos();
    return Uni.createFrom()
        .deferred(() -> answer(body, context.request(), begun))
        .invoke(() -> meters.answered(ticker.nanos() - begun))
        .map(mappings -> response(RestResponse.ResponseBuilder.ok(mappings)))
        .onFailure(failure -> failure instanceof StoreUnreadable || Outage.is(failure))
        .transform(away -> GraphRefusal.of(GraphError.NOT_READY))
        .onFailure()
        .invoke(failure -> meters.refused(error(failure), ticker.nanos() - begun))
        .onFailure(GraphRefusal.class)
        .recoverWithItem(refusal -> refused(refusal, context));
  }

  @POST
  @Path("{version: v[0-9]+[.][0-9]+}/pages_id_mapping")
  @Consumes(MediaType.WILDCARD)
  public Uni<RestResponse<Buffer>> mapOfVersion(InputStream body, @Context RoutingContext context) {
    return map(body, context);
  }

  private Uni<Buffer> answer(InputStream body, HttpServerRequest request, long begun) {
    DoorParameters parameters = parameters(body, request);
    PageId page = callers.identify(parameters);
    String caller = DoorCaller.name(page);
    MDC.put("caller", caller);
    boolean ignoreInvalid = flag(parameters.get(DoorParameters.IGNORE));
    AskedIds asked = AskedIds.of(parameters.get(DoorParameters.IDS));
    callers.take(page, asked.asids().size());
    ResolveQuery query =
        new ResolveQuery(
            page,
            caller,
            asked.toArray(),
            !config.roles().contains(Role.CONVERT),
            Lane.INTERACTIVE,
            false,
            begun + config.patience().toNanos());
    return resolver
        .resolve(query)
        .chain(answers -> use.seenBy(answers, query.deadline() + StoreCalls.GRACE.toNanos()))
        .map(answers -> DoorAnswer.of(answers, asked, ignoreInvalid));
  }

  private static DoorParameters parameters(InputStream body, HttpServerRequest request) {
    try {
      return DoorParameters.read(
          request.query(),
          request.getHeader(HttpHeaders.AUTHORIZATION),
          request.getHeader(HttpHeaders.CONTENT_TYPE),
          DoorBody.read(body));
    } catch (IOException brokenOff) {
      throw GraphRefusal.of(GraphError.UNREADABLE);
    }
  }

  private static boolean flag(@Nullable String text) {
    if (text == null || text.equals("false") || text.equals("0")) {
      return false;
    }
    if (text.equals("true") || text.equals("1")) {
      return true;
    }
    throw GraphRefusal.of(GraphError.UNREADABLE);
  }

  private RestResponse<Buffer> refused(GraphRefusal refusal, RoutingContext context) {
    GraphError error = refusal.error();
    String requestId = context.response().headers().get("X-Request-Id");
    RestResponse.ResponseBuilder<Buffer> response =
        RestResponse.ResponseBuilder.<Buffer>create(error.status())
            .entity(error.body(refusal.invalidIds(), String.valueOf(requestId)));
    if (error.isTransient()) {
      int seconds = RetryAfter.jittered(refusal.retryAfterSeconds());
      response.header(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
    }
    return response(response);
  }

  private RestResponse<Buffer> response(RestResponse.ResponseBuilder<Buffer> response) {
    return response
        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
        .header(PaceUse.HEADER, use.header())
        .build();
  }

  private static GraphError error(Throwable failure) {
    if (failure instanceof GraphRefusal refusal) {
      return refusal.error();
    }
    return failure instanceof Problem ? GraphError.UNREADABLE : GraphError.NOT_READY;
  }
}
