package org.psidgateway.api.door;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
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

/** What the door does with a request, whichever version stands in front of its path. */
@Singleton
class Door {
  static final String ENABLED = "gateway.door.enabled";

  /** A header's worth of news is not waited for any longer. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final DoorConfig config;
  private final DoorCaller callers;
  private final Resolver resolver;
  private final PaceUse use;
  private final DoorMeters meters;
  private final Ticker ticker;

  Door(
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

  /** The answer, a refusal included; fails with problems, and with what nobody foresaw. */
  Uni<RestResponse<Buffer>> map(DoorBody body, RoutingContext context) {
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

  private Uni<Buffer> answer(DoorBody body, HttpServerRequest request, long begun) {
    DoorParameters parameters =
        DoorParameters.read(
            request.query(),
            request.getHeader(HttpHeaders.AUTHORIZATION),
            request.getHeader(HttpHeaders.CONTENT_TYPE),
            body.bytes());
    PageId page = callers.identify(parameters);
    String caller = DoorCaller.name(page);
    MDC.put("caller", caller);
    boolean ignoreInvalid = flag(parameters.get(DoorParameters.IGNORE));
    AskedIds asked = AskedIds.of(parameters.get(DoorParameters.IDS));
    callers.take(page, asked.size());
    ResolveQuery query =
        new ResolveQuery(
            page,
            caller,
            asked.toArray(),
            !config.roles().contains(Role.CONVERT),
            Lane.INTERACTIVE,
            false,
            begun + Math.max(0, config.patience().minus(Resolver.STORE_GRACE).toNanos()));
    return resolver
        .resolve(query)
        .chain(answers -> use.seenBy(answers, ticker.nanos() + LOOK.toNanos()))
        .map(answers -> DoorAnswer.of(answers, asked, ignoreInvalid));
  }

  private static boolean flag(@Nullable String text) {
    if (text == null || text.equalsIgnoreCase("false") || text.equals("0")) {
      return false;
    }
    if (text.equalsIgnoreCase("true") || text.equals("1")) {
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
