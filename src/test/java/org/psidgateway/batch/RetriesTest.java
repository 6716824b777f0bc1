package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.ManualTicker;

class RetriesTest {
  private final ManualTicker ticker = new ManualTicker();

  @Test
  void waits_growToTheLongest_andAreNeverTheSameForAll() {
    Retries retries = retries(1_000, Duration.ofMillis(200), Duration.ofSeconds(10));
    long ceiling = 200;
    Set<Duration> waits = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      Duration wait = retries.next().orElseThrow();
      assertThat(wait).isBetween(Duration.ZERO, Duration.ofMillis(ceiling));
      ceiling = Math.min(10_000, 2 * ceiling);
      waits.add(wait);
    }
    assertThat(waits).hasSizeGreaterThan(100);
    assertThat(waits).anyMatch(wait -> wait.compareTo(Duration.ofSeconds(8)) > 0);
    assertThat(retries.begun()).isTrue();
  }

  @Test
  void oneAttempt_meansNoRetry() {
    Retries retries = retries(1, Duration.ZERO, Duration.ZERO);
    assertThat(retries.begun()).isFalse();

    assertThat(retries.next()).isEmpty();
  }

  @Test
  void failureThatLastsTenMinutes_isTheEnd() {
    Retries retries = retries(100, Duration.ofSeconds(1), Duration.ofSeconds(1));
    assertThat(retries.next()).isPresent();
    ticker.advance(Duration.ofMinutes(10).minusNanos(1));
    assertThat(retries.next()).isPresent();
    ticker.advance(Duration.ofNanos(1));

    assertThat(retries.next()).isEqualTo(Optional.empty());
  }

  private Retries retries(int attempts, Duration initial, Duration longest) {
    return new Retries(
        new RetryConfig() {
          @Override
          public int maxAttempts() {
            return attempts;
          }

          @Override
          public Duration initialDelay() {
            return initial;
          }

          @Override
          public Duration maxDelay() {
            return longest;
          }
        },
        ticker);
  }
}
