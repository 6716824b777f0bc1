package org.psidgateway.api.mapping;

import org.psidgateway.api.problem.Problem;
import org.psidgateway.api.problem.ProblemType;
import org.psidgateway.api.problem.RetryAfter;
import org.psidgateway.security.Allowance;

/**
 * Keeps callers to their own rate of ids. The fields are those of
 * draft-ietf-httpapi-ratelimit-headers: {@code t} is when the refused list would pass, which {@code
 * Retry-After} never undercuts; the unit is named, since it would be requests otherwise.
 */
final class CallerLimit {
  private CallerLimit() {}

  /** Returns if the caller may send this many ids now; throws the problem if not. */
  static void take(Allowance allowance, int ids) {
    Allowance.Taken taken = allowance.take(ids);
    if (!taken.passed()) {
      throw Problem.of(
              ProblemType.CALLER_LIMIT,
              "The caller's limit of ids per minute is exceeded. Nothing was done or spent.")
          .with("ids_per_minute", allowance.idsPerMinute())
          .header("Retry-After", Integer.toString(RetryAfter.jittered(taken.retryAfterSeconds())))
          .header(
              "RateLimit-Policy",
              "\"ids\";q=" + allowance.idsPerMinute() + ";w=60;gateway-unit=\"ids\"")
          .header("RateLimit", "\"ids\";r=" + taken.left() + ";t=" + taken.retryAfterSeconds());
    }
  }
}
