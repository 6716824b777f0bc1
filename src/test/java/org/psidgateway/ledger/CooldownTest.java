package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.OTHER_PAGE;
import static org.psidgateway.ledger.Asks.PAGE;
import static org.psidgateway.ledger.Asks.answer;
import static org.psidgateway.ledger.Asks.background;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.request;
import static org.psidgateway.ledger.Asks.waits;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.model.Usage;
import org.psidgateway.testing.Beside;

/** Cooldowns and usage, as the upstream reports them, for two pods. */
@Beside
class CooldownTest extends TwoPods {

  @Test
  void afterACooldown_oneProbeGoes_andTheOthersWaitForWhatItFindsOut() throws SQLException {
    throttle(granted(one.reserve(request(1))));
    clock.advance(Duration.ofSeconds(3));

    Granted probe = granted(two.reserve(request(1)));
    assertThat(waits(one.reserve(request(2))).why()).isEqualTo(Fate.COOLING_DOWN);
    assertThat(waits(one.reserve(request(OTHER_PAGE, Lane.INTERACTIVE, 2))).appWide()).isTrue();
    two.settle(answer(probe));

    granted(one.reserve(request(2)));
    granted(two.reserve(request(3)));
  }

  @Test
  void probeThatIsThrottled_doublesTheCooldown_andOneThatSaysNothingFreesTheNext()
      throws SQLException {
    throttle(granted(one.reserve(request(1))));
    clock.advance(Duration.ofSeconds(3));
    one.settle(Settlement.uncertain(granted(one.reserve(request(1))).call(), "timeout"));
    throttle(granted(two.reserve(request(2))));

    assertThat(waits(one.reserve(request(3))).delay()).isGreaterThan(Duration.ofMillis(3500));
  }

  @Test
  void proberThatDies_blocksNobodyForLongerThanItsCallCouldTake() throws SQLException {
    throttle(granted(one.reserve(request(1))));
    clock.advance(Duration.ofSeconds(3));
    granted(one.reserve(request(1)));
    waits(two.reserve(request(2)));

    clock.advance(Duration.ofSeconds(16));

    granted(two.reserve(request(2)));
  }

  @Test
  void answerOfACallSentBefore_endsNoCooldown() throws SQLException {
    Granted early = granted(two.reserve(request(7)));
    throttle(granted(one.reserve(request(1))));
    two.settle(answer(early));

    assertThat(waits(two.reserve(request(2))).why()).isEqualTo(Fate.COOLING_DOWN);
    clock.advance(Duration.ofSeconds(3));
    granted(two.reserve(request(2)));
    waits(two.reserve(request(3))); // the probe is still under way
  }

  @Test
  void throttleOfAZombie_isHeededAllTheSame() throws SQLException {
    Granted lost = granted(one.reserve(request(1)));
    one.settle(Settlement.uncertain(lost.call(), "timeout"));
    one.settle(answer(lost));
    granted(two.reserve(request(2)));

    throttle(lost);

    assertThat(waits(two.reserve(request(3))).why()).isEqualTo(Fate.COOLING_DOWN);
  }

  @Test
  void cooldownThatBeginsBesideAGrant_isSeen_byOneThatHasNotLeftYet() throws SQLException {
    Granted waiting = granted(two.reserve(request(2)));
    assertThat(two.coolingDown(waiting.page())).isFalse();

    throttle(granted(one.reserve(request(1))));

    assertThat(two.coolingDown(waiting.page())).isTrue();
    clock.advance(Duration.ofSeconds(3));
    assertThat(two.coolingDown(waiting.page())).isFalse();
  }

  @Test
  void usage_bringsBackgroundToAHalt_thenAllButOneCall_andDecays() throws SQLException {
    one.settle(answer(granted(one.reserve(request(1))), new Usage(92, Usage.NOT_REPORTED)));
    clock.advance(Duration.ofSeconds(1));
    assertThat(waits(two.reserve(background(2))).why()).isEqualTo(Fate.COOLING_DOWN);
    one.settle(answer(granted(one.reserve(request(2))), new Usage(120, Usage.NOT_REPORTED)));
    clock.advance(Duration.ofSeconds(3));

    Granted probing = granted(one.reserve(request(3)));
    clock.advance(Duration.ofSeconds(3));
    waits(two.reserve(request(4)));
    one.settle(answer(probing));
    granted(two.reserve(request(4)));

    waits(two.reserve(background(5)));
    clock.advance(Duration.ofSeconds(22)); // 120 % are less than 90 by now
    granted(two.reserve(background(5)));
    waits(two.reserve(request(6))); // and calls are still spaced wider
    clock.advance(Duration.ofSeconds(25));
    granted(two.reserve(request(6)));
    granted(two.reserve(request(7)));
    assertThat(books.limits().page(PAGE).appUsage()).isBetween(60.0, 75.0);
  }

  @Test
  void usageOfAPage_leavesOtherPagesAlone() throws SQLException {
    one.settle(answer(granted(one.reserve(request(1))), new Usage(Usage.NOT_REPORTED, 97)));

    waits(two.reserve(background(2)));
    granted(two.reserve(request(OTHER_PAGE, Lane.BACKGROUND, 2)));
    assertThat(books.limits().page(PAGE).pageUsage()).isGreaterThan(90);
    assertThat(books.limits().page(OTHER_PAGE).pageUsage()).isNull();
  }

  @Test
  void throttle_stopsEveryPod_untilItIsOver_longerEachTime() throws SQLException {
    for (int seconds : new int[] {2, 4, 8}) {
      Granted granted = granted(one.reserve(request(1)));
      throttle(granted);
      Wait wait = waits(two.reserve(request(2)));
      assertThat(wait.why()).isEqualTo(Fate.COOLING_DOWN);
      assertThat(wait.delay())
          .isBetween(Duration.ofMillis(seconds * 900L), Duration.ofMillis(seconds * 1100L));
      clock.advance(Duration.ofSeconds(seconds + 1));
    }
    Granted granted = granted(one.reserve(request(1)));
    one.settle(
        Settlement.throttled(
            granted.call(), true, Optional.of(Duration.ofMinutes(7)), "4", Usage.UNKNOWN));
    assertThat(waits(two.reserve(request(2))).delay()).isGreaterThan(Duration.ofMinutes(6));
  }

  @Test
  void throttleOfAPage_leavesOtherPagesAlone() throws SQLException {
    Granted granted = granted(one.reserve(request(1)));
    one.settle(Settlement.throttled(granted.call(), false, Optional.empty(), "32", Usage.UNKNOWN));

    assertThat(one.reserve(request(2))).isInstanceOf(Wait.class);
    assertThat(one.reserve(request(OTHER_PAGE, Lane.INTERACTIVE, 2))).isInstanceOf(Granted.class);
  }
}
