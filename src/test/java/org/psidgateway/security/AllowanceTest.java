package org.psidgateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.ManualTicker;

class AllowanceTest {
  private final ManualTicker ticker = new ManualTicker();
  private final Allowance allowance;

  AllowanceTest() {
    ticker.advance(
        Duration.ofNanos(Long.MAX_VALUE - 1_000_000_000L - ticker.nanos())); // wraps round
    allowance = new Allowance(60, ticker);
  }

  private void after(int seconds) {
    ticker.advance(Duration.ofSeconds(seconds));
  }

  @Test
  void aMinutesWorth_passesAtOnce_andComesBackEvenly() {
    assertThat(allowance.take(60).passed()).isTrue();
    assertThat(allowance.take(1)).isEqualTo(new Allowance.Taken(false, 1, 0));
    after(10);
    assertThat(allowance.take(30)).isEqualTo(new Allowance.Taken(false, 20, 10));
    assertThat(allowance.take(10).passed()).isTrue();
    assertThat(allowance.take(1).passed()).isFalse();
    after(3600);
    assertThat(allowance.take(60).passed()).isTrue();
    assertThat(allowance.take(1).passed()).isFalse();
  }

  @Test
  void aLongerList_passesWhereTheBucketIsFull_andIsPaidForAfterwards() {
    assertThat(allowance.take(1).passed()).isTrue();
    assertThat(allowance.take(600)).isEqualTo(new Allowance.Taken(false, 1, 59));
    after(1);
    assertThat(allowance.take(600).passed()).isTrue();
    after(540);
    assertThat(allowance.take(1)).isEqualTo(new Allowance.Taken(false, 1, 0));
    assertThat(allowance.take(0).passed()).isTrue();
    after(1);
    assertThat(allowance.take(1).passed()).isTrue();
  }

  @Test
  void noMoreThanAMinutesWorth_passes_whenManyTakeAtOnce() {
    long passed =
        IntStream.range(0, 5_000).parallel().filter(i -> allowance.take(1).passed()).count();
    assertThat(passed).isEqualTo(60);
  }

  @Test
  void withoutALimit_everythingPasses() {
    assertThat(Allowance.UNLIMITED.take(Integer.MAX_VALUE).passed()).isTrue();
  }
}
