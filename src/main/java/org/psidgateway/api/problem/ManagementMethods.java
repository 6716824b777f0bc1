package org.psidgateway.api.problem;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Set;

/** On the management port everything is only read: the framework would take any method for GET. */
@Singleton
class ManagementMethods {
  private static final int AFTER_REQUEST_ID = 9_000;
  private static final String ALLOW = "GET, HEAD, OPTIONS";
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final Problems problems;

  ManagementMethods(Problems problems) {
    this.problems = problems;
  }

  void register(@Observes ManagementInterface management) {
    Router router = management.router();
    router
        .route()
        .order(-AFTER_REQUEST_ID)
        .handler(
            context -> {
              if (READING.contains(context.request().method()) || !isThere(context, router)) {
                context.next();
              } else {
                refuse(context);
              }
            });
  }

  private void refuse(RoutingContext context) {
    if (context.request().method().equals(HttpMethod.OPTIONS)) {
      context.response().putHeader(HttpHeaders.ALLOW, ALLOW).end();
    } else {
      problems.send(ProblemMappers.methodNotAllowed().header(HttpHeaders.ALLOW, ALLOW), context);
    }
  }

  /** Routes without a path are filters. */
  private static boolean isThere(RoutingContext context, Router router) {
    String path = context.normalizedPath();
    return router.getRoutes().stream()
        .filter(route -> route.getPath() != null)
        .anyMatch(route -> leadsTo(path, route));
  }

  private static boolean leadsTo(String path, Route route) {
    String known = route.getPath();
    return path.equals(known)
        || path.equals(known + "/")
        || !route.isExactPath() && path.startsWith(known.endsWith("/") ? known : known + "/");
  }
}
