package org.psidgateway.chaos;

import org.junit.jupiter.api.Test;
import org.psidgateway.testing.PostgresBinaries;

/** The short form of {@link ChaosSuite}: some ninety seconds, in every build. */
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

  @Test
  void idMatching_withTroubleInTheMiddleOfItsBatches() {
    try (Stage matching = stage(Plan.matching())) {
      matching.play(MatchingScenarios.operationsFail());
      matching.play(MatchingScenarios.throttledInTheMiddle());
      matching.play(PodScenarios.killed(Failpoint.BEFORE_SETTLE));
    }
  }
}
