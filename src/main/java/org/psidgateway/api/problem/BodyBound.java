package org.psidgateway.api.problem;

import java.util.OptionalLong;

/**
 * How long a body may be, in bytes, on paths where it is read before it is known who sends it: such
 * a body must name its length, and arrive within 10 s.
 */
@FunctionalInterface
public interface BodyBound {

  /** Empty if the usual limit holds on this path. */
  OptionalLong longest(String path);
}
