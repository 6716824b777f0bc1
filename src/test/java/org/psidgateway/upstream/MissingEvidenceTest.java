package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.LogLines;
import org.psidgateway.testing.ManualTicker;

class MissingEvidenceTest {
  private final ManualTicker ticker = new ManualTicker();
  private final MissingEvidence evidence = new MissingEvidence(ticker);

  @Test
  void nothing_isBelieved_beforeAnythingWasAnswered() {
    assertThat(evidence.share()).isZero();
    assertThat(evidence.believes(0, 1, false)).isFalse();
    assertThat(evidence.share()).isZero();
  }

  @Test
  void nothing_isBelieved_onceMoreThanHalfOfAFewAreMissing_afterARestartToo() {
    assertThat(evidence.believes(1, 18, false)).as("too few to say").isTrue();
    assertThat(evidence.believes(0, 1, false)).isFalse();
    assertThat(evidence.share()).isEqualTo(0.95);
    assertThat(evidence.believes(18, 0, false)).isTrue();
  }

  @Test
  void answers_showThatAllIsWell_forAMinute() {
    assertThat(evidence.believes(1, 1, false)).isTrue();
    assertThat(evidence.believes(1, 1, true)).isFalse();
    ticker.advance(Duration.ofMinutes(1));
    assertThat(evidence.believes(0, 1, false)).isTrue();
    ticker.advance(Duration.ofNanos(1));
    assertThat(evidence.believes(0, 1, false)).isFalse();
  }

  @Test
  void nothing_isBelieved_whileMoreThanHalfOfTheLastThousandAreMissing() {
    try (LogLines log = LogLines.of(MissingEvidence.class)) {
      assertThat(evidence.believes(500, 500, false)).isTrue();
      assertThat(evidence.share()).isEqualTo(0.5);
      assertThat(evidence.believes(0, 1, false)).isFalse();
      assertThat(evidence.believes(0, 1, false)).isFalse();
      assertThat(evidence.share()).isEqualTo(0.502);
      assertThat(log.seen()).singleElement().asString().startsWith("WARN Of the last 1000 people");
      assertThat(evidence.believes(498, 0, false)).isFalse(); // these replace what was answered
      assertThat(evidence.believes(2, 0, false)).isTrue(); // and these what was missing
      assertThat(log.seen()).hasSize(2).last().asString().startsWith("INFO");
      assertThat(evidence.believes(1, 3, false)).isTrue();
      assertThat(log.seen()).hasSize(2);
    }
  }
}
