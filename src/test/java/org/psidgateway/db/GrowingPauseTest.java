package org.psidgateway.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.ManualTicker;

class GrowingPauseTest {
  private final ManualTicker ticker = new ManualTicker();
  private final GrowingPause pause = new GrowingPause(ticker);

  @Test
  void pause_doublesToTenSeconds_whileAskedAgainAndAgain() {
    assertThat(turns(50)).containsExactly(0, 1, 3, 7, 15, 25, 35, 45);
  }

  @Test
  void pause_startsOver_afterAMinuteInWhichNobodyAsked() {
    turns(50);
    ticker.advance(Duration.ofSeconds(59));
    assertThat(turns(12)).as("ten seconds").containsExactly(0, 10);
    ticker.advance(Duration.ofSeconds(60));
    assertThat(turns(8)).containsExactly(0, 1, 3, 7);
  }

  /** The seconds, of as many, in which the pause is over, if somebody asks ten times per second. */
  private List<Integer> turns(int seconds) {
    List<Integer> turns = new ArrayList<>();
    for (int tenth = 0; tenth < 10 * seconds; tenth++) {
      if (pause.isOver()) {
        turns.add(tenth / 10);
      }
      ticker.advance(Duration.ofMillis(100));
    }
    return turns;
  }
}
