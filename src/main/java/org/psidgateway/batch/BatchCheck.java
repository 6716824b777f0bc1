package org.psidgateway.batch;

import jakarta.inject.Singleton;
import java.time.Duration;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** Checks the numbers of batches and retries. */
@Singleton
class BatchCheck implements StartupCheck {
  private static final Duration LONGEST_LINGER = Duration.ofMinutes(1);
  private static final Duration LONGEST_DELAY = Duration.ofHours(1);
  private static final int MOST_ATTEMPTS = 100;

  private final BatchConfig batch;
  private final RetryConfig retry;

  BatchCheck(BatchConfig batch, RetryConfig retry) {
    this.batch = batch;
    this.retry = retry;
  }

  @Override
  public void check(Faults faults) {
    faults.between("gateway.batch.linger", batch.linger(), Duration.ZERO, LONGEST_LINGER);
    batch.maxQueued().ifPresent(most -> faults.atLeast("gateway.batch.max-queued", most, 1));
    faults.between("gateway.retry.max-attempts", retry.maxAttempts(), 1, MOST_ATTEMPTS);
    faults.between(
        "gateway.retry.initial-delay", retry.initialDelay(), Duration.ZERO, LONGEST_DELAY);
    faults.between("gateway.retry.max-delay", retry.maxDelay(), Duration.ZERO, LONGEST_DELAY);
    faults.require(
        retry.maxDelay().compareTo(retry.initialDelay()) >= 0,
        "gateway.retry.max-delay",
        retry.maxDelay(),
        "gateway.retry.initial-delay (" + retry.initialDelay() + ") or more");
  }
}
