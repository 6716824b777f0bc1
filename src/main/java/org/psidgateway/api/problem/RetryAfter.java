package org.psidgateway.api.problem;

import java.util.concurrent.ThreadLocalRandom;

/** Spreads the return of callers that were sent away together. */
public final class RetryAfter {
  private RetryAfter() {}

  /** More than {@code seconds}, by up to a quarter and at least one second. */
  public static int jittered(int seconds) {
    int base = Math.max(1, seconds);
    return base + ThreadLocalRandom.current().nextInt(1, Math.max(3, base / 4 + 1));
  }
}
