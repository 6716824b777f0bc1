package org.psidgateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SystemTickerTest {
  private final Ticker ticker = Ticker.system();
  private final AtomicInteger fired = new AtomicInteger();

  @Test
  void after_emitsOnceTheTimeHasPassed_andNotBefore() {
    long start = ticker.nanos();

    ticker.after(Duration.ofMillis(30)).await().atMost(Duration.ofSeconds(10));

    assertThat(ticker.nanos() - start).isGreaterThanOrEqualTo(30_000_000);
  }

  @Test
  void after_emitsAtOnce_ifThereIsNothingToWaitFor() {
    ticker.after(Duration.ZERO).subscribe().with(now -> fired.incrementAndGet());
    ticker.after(Duration.ofSeconds(-1)).subscribe().with(now -> fired.incrementAndGet());

    assertThat(fired).hasValue(2);
  }

  @Test
  void cancel_disarmsTheTimer_andLeavesTheOthersAlone() {
    Cancellable timer =
        ticker.after(Duration.ofMillis(20)).subscribe().with(now -> fired.addAndGet(100));
    ticker.after(Duration.ofMillis(40)).subscribe().with(now -> fired.incrementAndGet());

    timer.cancel();

    Awaitility.await().until(() -> fired.get() > 0);
    assertThat(fired).hasValue(1);
  }
}
