package org.psidgateway.api.problem;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/**
 * The form that errors have on the paths of one API. If several cover a path, the one with the
 * highest {@link jakarta.annotation.Priority} is used.
 */
interface ErrorShape {

  /** Whether callers of this path expect it. */
  boolean covers(String path);

  String mediaType();

  Buffer body(Problem problem, RoutingContext context);
}
