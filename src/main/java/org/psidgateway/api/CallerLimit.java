package org.psidgateway.api;

import org.psidgateway.security.Allowance;

/** Keeps callers to their own rate of ids. */
final class CallerLimit {
  private CallerLimit() {}

  /** Returns where the caller may send so many ids now; throws the problem where not. */
  static void take(Allowance allowance, int ids) {
    Allowance.Taken taken = allowance.take(ids);
    if (!taken.passed()) {
      throw Problem.of(
              ProblemType.CALLER_LIMIT,
              "The caller's limit of ids per minute is exceeded. Nothing was done or spent.")
          .with("ids_per_minute", allowance.idsPerMinute())
          .header("Retry-After", Integer.toString(RetryAfter.jittered(taken.retryAfterSeconds())))
          .header("RateLimit-Policy", "\"ids\";q=" + allowance.idsPerMinute() + ";w=60")
          .header("RateLimit", "\"ids\";r=" + taken.left() + ";t=" + taken.fullAfterSeconds());
    }
  }
}
