package org.psidgateway.batch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.psidgateway.time.Ticker;

/**
 * Whether and when a conversion is tried again after its call failed for a while. Each wait is
 * anything between nothing and a ceiling that doubles, so that conversions which failed together do
 * not come back together (M. Brooker, "Exponential Backoff and Jitter", 2015). Used by one
 * conversion, one turn at a time.
 */
final class Retries {
  /** After this long nobody can be waiting any more. */
  private static final long LONGEST_FAILURE = TimeUnit.MINUTES.toNanos(10);

  private final int attempts;
  private final long longest;
  private final Ticker ticker;
  private long ceiling;
  private int failures;
  private long failedSince;

  Retries(RetryConfig config, Ticker ticker) {
    this.attempts = config.maxAttempts();
    this.ceiling = Math.max(1, config.initialDelay().toMillis());
    this.longest = Math.max(ceiling, config.maxDelay().toMillis());
    this.ticker = ticker;
  }

  /** A call failed; returns the wait before the next one, or empty if there is to be none. */
  Optional<Duration> next() {
    long now = ticker.nanos();
    failedSince = failures == 0 ? now : failedSince;
    failures++;
    if (failures >= attempts || now - failedSince >= LONGEST_FAILURE) {
      return Optional.empty();
    }
    long delay = ThreadLocalRandom.current().nextLong(ceiling + 1);
    ceiling = Math.min(longest, 2 * ceiling);
    return Optional.of(Duration.ofMillis(delay));
  }

  /** Whether the next call is a retry. */
  boolean begun() {
    return failures > 0;
  }
}
