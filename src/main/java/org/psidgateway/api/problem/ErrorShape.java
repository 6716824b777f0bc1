package org.psidgateway.api.problem;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * The form that errors have on the paths of one API. If several cover a path, the one with the
 * highest {@link jakarta.annotation.Priority} is used.
 */
@FunctionalInterface
public interface ErrorShape {

  /** The problem as callers of this path expect it; empty if the path belongs to another API. */
  Optional<Shaped> shape(Problem problem, String path, String requestId);

  /** What is sent. */
  record Shaped(int status, String mediaType, Buffer body) {}
}
