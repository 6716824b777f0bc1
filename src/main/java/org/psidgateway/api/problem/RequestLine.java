package org.psidgateway.api.problem;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.psidgateway.api.problem.Routes.Route;

/**
 * Looks at the method and the target of a request before anybody else does, so that a target that
 * is no URI, a wrong method and {@code OPTIONS} are answered as the API promises.
 */
@Singleton
class RequestLine {
  private static final int AFTER_REQUEST_ID = 9_000;

  /** The framework's own paths, such as the OpenAPI document. */
  private static final String FRAMEWORK = "/q/";

  private final Routes routes;
  private final Problems problems;

  RequestLine(Routes routes, Problems problems) {
    this.routes = routes;
    this.problems = problems;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, AFTER_REQUEST_ID);
  }

  private void check(RoutingContext context) {
    HttpLabels.nowhere();
    if (!isUri(context.request().uri())) {
      problems.send(notAUri(), context);
      return;
    }
    String path = context.normalizedPath();
    boolean isOptions = context.request().method().equals(HttpMethod.OPTIONS);
    Optional<Route> route = routes.find(path).filter(found -> ProblemType.mayBeThere(path));
    if (route.isPresent()) {
      HttpLabels.route(route.get());
      if (!route.get().takes(context.request().method().name())) {
        problems.send(
            ProblemMappers.methodNotAllowed().header(HttpHeaders.ALLOW, route.get().allow()),
            context);
      } else if (isOptions || !ProblemType.mayBeThere(path)) {
        context.response().putHeader(HttpHeaders.ALLOW, route.get().allow()).end();
      } else {
        context.next();
      }
    } else if (routes.isOff(path)) {
      problems.send(ProblemMappers.notFound(), context);
    } else if (path.startsWith(FRAMEWORK)) {
      HttpLabels.unmeasured();
      context.next();
    } else if (isOptions || !ProblemType.mayBeThere(path)) {
      problems.send(ProblemMappers.notFound(), context);
    } else {
      context.next();
    }
  }

  static Problem notAUri() {
    return Problem.of(
        ProblemType.MALFORMED_REQUEST,
        "The request target is not a URI. Percent-encode what may not stand in one.");
  }

  /** As strict as the framework's own check, which {@link UriCheckOff} replaces by this one. */
  static boolean isUri(String target) {
    try {
      return new URI(target).getRawPath() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
