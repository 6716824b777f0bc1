package org.psidgateway.api.problem;

import io.micrometer.core.instrument.Tags;
import io.quarkus.micrometer.runtime.HttpServerMetricsTagsContributor;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Keeps the labels of the HTTP meters few, and free of ids. The framework's label for whatever is
 * refused before a resource is chosen is the path itself, and a hundred different ones keep new
 * routes from being measured; its label for a method is any text that was sent as one.
 */
@Singleton
class HttpLabels implements HttpServerMetricsTagsContributor {
  /** Where the framework puts the template of a path once it has chosen a resource. */
  private static final String TEMPLATE = "UrlPathTemplate";

  private static final String NOWHERE = "/unknown";
  private static final String IGNORED = "/q/unknown";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

  /** Measures the present request as one that leads nowhere, unless a route is found for it. */
  static void nowhere() {
    Vertx.currentContext().putLocal(TEMPLATE, NOWHERE);
  }

  /** Leaves the present request out of the meters, as the framework does for its own paths. */
  static void unmeasured() {
    Vertx.currentContext().putLocal(TEMPLATE, IGNORED);
  }

  /** Measures the present request under its route, even if it is refused or broken off. */
  static void route(Routes.Route route) {
    Vertx.currentContext().putLocal(TEMPLATE, route.template());
  }

  @Override
  public Tags contribute(Context context) {
    Tags tags = Tags.empty();
    String template = context.requestContextLocalData(TEMPLATE);
    if (template == null) { // refused before any of our filters
      tags = tags.and("uri", NOWHERE);
    } else if (template.contains(":")) { // what a parameter looks like is no part of its name
      tags = tags.and("uri", Routes.named(template));
    }
    return METHODS.contains(context.request().method().name()) ? tags : tags.and("method", "OTHER");
  }
}
