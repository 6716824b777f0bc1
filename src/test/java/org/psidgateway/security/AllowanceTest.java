package org.psidgateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AllowanceTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // wraps round
  private final Allowance allowance = new Allowance(60, nanos::get);

  private void after(int seconds) {
    nanos.addAndGet(seconds * 1_000_000_000L);
  }

  @Test
  void aMinutesWorth_passesAtOnce_andComesBackEvenly() {
    assertThat(allowance.take(60).passed()).isTrue();
    assertThat(allowance.take(1)).isEqualTo(new Allowance.Taken(false, 1, 0, 60));
    after(10);
    assertThat(allowance.take(30)).isEqualTo(new Allowance.Taken(false, 20, 10, 50));
    assertThat(allowance.take(10).passed()).isTrue();
    assertThat(allowance.take(1).passed()).isFalse();
    after(3600);
    assertThat(allowance.take(60).passed()).isTrue();
    assertThat(allowance.take(1).passed()).isFalse();
  }

  @Test
  void aLongerList_passesWhereTheBucketIsFull_andIsPaidForAfterwards() {
    assertThat(allowance.take(1).passed()).isTrue();
    assertThat(allowance.take(600)).isEqualTo(new Allowance.Taken(false, 1, 59, 1));
    after(1);
    assertThat(allowance.take(600).passed()).isTrue();
    after(540);
    assertThat(allowance.take(1)).isEqualTo(new Allowance.Taken(false, 1, 0, 60));
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
