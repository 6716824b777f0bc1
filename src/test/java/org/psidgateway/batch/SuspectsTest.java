package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SuspectsTest {
  private static final long START = Long.MAX_VALUE - 5; // System.nanoTime may wrap around

  private final Suspects suspects = new Suspects();

  @Test
  void suspect_isForgotten_afterAnHourWithoutAnotherRefusal() {
    suspects.add(7, START);
    assertThat(suspects.contains(7, START + TimeUnit.MINUTES.toNanos(59))).isTrue();
    assertThat(suspects.contains(8, START)).isFalse();

    suspects.add(7, START + TimeUnit.MINUTES.toNanos(59));

    assertThat(suspects.contains(7, START + TimeUnit.MINUTES.toNanos(61))).isTrue();
    assertThat(suspects.contains(7, START + TimeUnit.MINUTES.toNanos(119))).isFalse();
  }

  @Test
  void suspectRefusedLongestAgo_isForgotten_whenThereAreTooMany() {
    for (long asid = 1; asid <= 1000; asid++) {
      suspects.add(asid, START);
    }
    suspects.add(1, START); // once more

    suspects.add(1001, START);

    assertThat(suspects.contains(2, START)).isFalse();
    assertThat(suspects.contains(1, START)).isTrue();
    assertThat(suspects.contains(1001, START)).isTrue();
  }
}
