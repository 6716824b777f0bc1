package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.ManualTicker;

class SendDeadlineTest {
  private final ManualTicker ticker = new ManualTicker();

  @Test
  void beginsAtAFiftiethOfTheWindow_withinBounds() {
    assertThat(deadline(Duration.ofHours(1)).current()).isEqualTo(Duration.ofMillis(250));
    assertThat(deadline(Duration.ofSeconds(10)).current()).isEqualTo(Duration.ofMillis(200));
    assertThat(deadline(Duration.ofSeconds(1)).current()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void lateGrant_makesItLongEnoughForTheNextOne_howeverFarAwayTheDatabaseIs() {
    for (long way : new long[] {60, 120, 400, 2_000}) {
      SendDeadline deadline = deadline(Duration.ofSeconds(5));
      int late = 0;
      while (deadline.current().minus(SendDeadline.WAY).toMillis() < way) {
        deadline.late(Duration.ofMillis(way));
        late++;
      }
      assertThat(late).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void neverExceedsFiveSeconds_whateverIsLate() {
    SendDeadline deadline = deadline(Duration.ofHours(1));
    for (int i = 0; i < 20; i++) {
      deadline.late(Duration.ofMinutes(1));
    }
    assertThat(deadline.current()).isEqualTo(SendDeadline.LONGEST);
  }

  @Test
  void getsShorterByATenthAMinute_butNotShorterThanTheLatestGrantsNeed() {
    SendDeadline deadline = deadline(Duration.ofSeconds(10));
    deadline.late(Duration.ofMillis(350));
    assertThat(deadline.current()).isEqualTo(Duration.ofMillis(800));

    ticker.advance(Duration.ofMinutes(1));
    assertThat(deadline.current().toMillis()).isEqualTo(720);

    deadline.left(Duration.ofMillis(350));
    ticker.advance(Duration.ofHours(5));
    assertThat(deadline.current()).isEqualTo(Duration.ofMillis(600));

    for (int i = 0; i < 100; i++) {
      deadline.left(Duration.ofMillis(10));
    }
    ticker.advance(Duration.ofHours(5));
    assertThat(deadline.current()).isEqualTo(Duration.ofMillis(200));
  }

  private SendDeadline deadline(Duration per) {
    return new SendDeadline(OptionalLong.of(per.toNanos() / 1000), ticker);
  }
}
