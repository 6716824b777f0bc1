package org.psidgateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LagTest {
  private final Lag lag = new Lag();

  @Test
  void replicaThatWasNeverSeen_isBehindWithoutBound() {
    assertThat(lag.behind()).isGreaterThan(Duration.ofDays(365));
    lag.written(10, 0, lag.replayed());
    lag.replayed(9);
    assertThat(lag.behind()).isGreaterThan(Duration.ofDays(365));
  }

  @Test
  void replicaThatHasAllThatWasWritten_isNotBehind() {
    lag.written(10, seconds(1), lag.replayed());
    lag.replayed(10);
    assertThat(lag.behind()).isZero();
  }

  @Test
  void databaseThatWritesNothing_leavesNobodyBehind() {
    for (int second = 1; second < 1000; second++) {
      lag.written(10, seconds(second), lag.replayed());
      lag.replayed(10);
      assertThat(lag.behind()).isZero();
    }
  }

  @Test
  void replicaThatStandsStill_isBehindByTheTimeSinceWhatItLacks() {
    lag.written(10, seconds(1), lag.replayed());
    lag.replayed(10);
    for (int second = 2; second <= 7; second++) {
      lag.written(10 + second, seconds(second), lag.replayed());
      lag.replayed(10);
    }
    assertThat(lag.behind()).isEqualTo(Duration.ofSeconds(6));
    lag.replayed(10 + 5);
    assertThat(lag.behind()).isEqualTo(Duration.ofSeconds(2));
    lag.replayed(1000);
    assertThat(lag.behind()).isZero();
  }

  @Test
  void whileTheDatabaseIsAway_lagStandsStill() {
    lag.written(10, seconds(1), lag.replayed());
    lag.replayed(10);
    lag.written(20, seconds(2), lag.replayed());
    lag.replayed(15);
    assertThat(lag.behind()).isEqualTo(Duration.ofSeconds(1)); // however late it is by now
  }

  @Test
  void replicaAwayForDays_takesBoundedMemory_andCatchesUp() {
    lag.written(1, 0, lag.replayed());
    lag.replayed(1);
    for (int second = 1; second < 100_000; second++) {
      lag.written(1 + second, seconds(second), lag.replayed());
    }
    assertThat(lag.behind()).isEqualTo(Duration.ofSeconds(99_999));
    lag.replayed(100_000);
    assertThat(lag.behind()).isZero();
  }

  @Test
  void replicaThatHasMoreThanTheDatabaseWrote_wentAstray_andStaysSoUntilItFollows() {
    lag.written(100, seconds(1), lag.replayed());
    lag.replayed(100);
    lag.written(90, seconds(2), lag.replayed()); // another server was promoted
    lag.replayed(100);
    assertThat(lag.behind()).isGreaterThan(Duration.ofDays(365));
    lag.written(110, seconds(3), lag.replayed());
    lag.replayed(100);
    assertThat(lag.behind()).isGreaterThan(Duration.ofDays(365));
    lag.replayed(110);
    assertThat(lag.behind()).isZero();
  }

  @Test
  void afterAFailOver_marksOfTheFormerDatabaseDoNotCount() {
    lag.written(100, seconds(1), lag.replayed());
    lag.replayed(80);
    lag.written(85, seconds(2), lag.replayed());
    lag.replayed(85);
    assertThat(lag.behind()).isZero();
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
