package org.psidgateway.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GrowingPauseTest {
  /** Where a clock that counts from anywhere may stand. */
  private final AtomicLong now = new AtomicLong(-3);

  private final GrowingPause pause = new GrowingPause(now::get);

  @Test
  void pause_doublesToTenSeconds_whileAskedAgainAndAgain() {
    assertThat(turns(50)).containsExactly(0, 1, 3, 7, 15, 25, 35, 45);
  }

  @Test
  void pause_startsOver_afterAMinuteInWhichNobodyAsked() {
    turns(50);
    now.addAndGet(Duration.ofSeconds(59).toNanos());
    assertThat(turns(12)).as("ten seconds").containsExactly(0, 10);
    now.addAndGet(Duration.ofSeconds(60).toNanos());
    assertThat(turns(8)).containsExactly(0, 1, 3, 7);
  }

  /** In which of so many seconds it is over, where somebody asks ten times a second. */
  private List<Integer> turns(int seconds) {
    List<Integer> turns = new ArrayList<>();
    for (int tenth = 0; tenth < 10 * seconds; tenth++) {
      if (pause.isOver()) {
        turns.add(tenth / 10);
      }
      now.addAndGet(Duration.ofMillis(100).toNanos());
    }
    return turns;
  }
}
