package org.psidgateway.chaos;

import org.junit.jupiter.api.Test;
import org.psidgateway.testing.PostgresBinaries;

/** The short form of {@link ChaosSuite}: a minute, in every build. */
class ChaosIT extends ShortChaos {
  ChaosIT() {
    super(PostgresBinaries.EMBEDDED, "short.md");
  }

  @Test
  void podFrozenWithAGrantInItsHand_sendsNothingWhenItWakes() {
    stage.play(PodScenarios.frozen(Failpoint.AFTER_RESERVE, 2));
  }

  @Test
  void redisFlushed() {
    stage.play(RedisScenarios.flushed());
  }

  @Test
  void upstreamWithThirtyPercentFaults() {
    stage.play(UpstreamScenarios.thirtyPercentFaults());
  }
}
