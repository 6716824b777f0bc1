package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.ManualTicker;

class LookPlanTest {
  private final LookPlan looks = new LookPlan(new ManualTicker());

  @Test
  void looks_areMadeOneAtATime_andTheEarlierOneCounts() {
    int late = looks.plan(Duration.ofSeconds(5));
    int early = looks.plan(Duration.ofMillis(100));

    assertThat(looks.plan(Duration.ofSeconds(1))).isZero();
    assertThat(looks.begin(early)).isTrue();
    assertThat(looks.begin(late)).isFalse();
    assertThat(looks.plan(Duration.ofSeconds(1))).isPositive();
  }
}
