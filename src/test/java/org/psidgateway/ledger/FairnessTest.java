package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.OTHER_PAGE;
import static org.psidgateway.ledger.Asks.PAGE;
import static org.psidgateway.ledger.Asks.background;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.request;
import static org.psidgateway.ledger.Asks.retry;
import static org.psidgateway.ledger.Asks.waits;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.testing.Beside;

/** Who goes when: pace, lanes and retries, for two pods. */
@Beside
class FairnessTest extends TwoPods {

  @Test
  void whereSlotsAreRare_eachLaneGetsItsShare() throws SQLException {
    pods(Ledgers.unlimited().withPace(20, Duration.ofHours(1), 1));
    long[] next = {1, 0}; // each lane looks again when the decision says, as a pod does
    int[] grants = new int[2];
    for (long now = 0, id = 1; now < Duration.ofMinutes(60).toMillis(); id++) {
      int lane = next[0] <= next[1] ? 0 : 1;
      clock.advance(Duration.ofMillis(Math.max(0, next[lane] - now)));
      now = Math.max(now, next[lane]);
      Decision decision = one.reserve(request(PAGE, Lane.values()[lane], id));
      long delay = decision instanceof Wait wait ? Math.min(10_000, wait.delay().toMillis()) : 0;
      grants[lane] += decision instanceof Granted ? 1 : 0;
      next[lane] = now + delay + 10;
    }
    int interactive = grants[0];
    int background = grants[1];
    assertThat(interactive).isGreaterThanOrEqualTo(8);
    assertThat(background).isGreaterThanOrEqualTo(4);
  }

  @Test
  void aPageWithAPaceOfItsOwn_keepsIt_besideTheApps() throws SQLException {
    pods(Ledgers.unlimited().withPagePace(100, 2, Duration.ofHours(1)));
    granted(one.reserve(request(1)));
    Granted unsent = granted(two.reserve(request(2)));
    assertThat(waits(one.reserve(request(3))).appWide()).isFalse();
    granted(one.reserve(request(OTHER_PAGE, Lane.INTERACTIVE, 3)));

    two.settle(Settlement.unsent(unsent.call(), "connect"));
    granted(one.reserve(request(2)));
    clock.advance(Duration.ofMinutes(59));
    waits(one.reserve(request(3)));
    clock.advance(Duration.ofMinutes(2));
    granted(one.reserve(request(3)));
  }

  @Test
  void background_yieldsToInteractiveCallsThatWait_butForOneSlotAMinute() throws SQLException {
    pods(Ledgers.unlimited().withPace(1, Duration.ofSeconds(10), 1));
    granted(two.reserve(background(1)));
    Wait wait = waits(one.reserve(request(100)));
    clock.advance(wait.delay());
    assertThat(waits(two.reserve(background(2))).delay()).isLessThan(Duration.ofSeconds(1));
    int interactive = 0;
    while (!(two.reserve(background(2)) instanceof Granted)) {
      if (one.reserve(request(200 + interactive)) instanceof Granted) {
        interactive++;
      }
      one.reserve(request(300 + interactive)); // somebody waits all the time
      clock.advance(Duration.ofMillis(200));
      assertThat(interactive).isLessThan(7);
    }
    assertThat(interactive).isGreaterThanOrEqualTo(4);
  }

  @Test
  void underAFloodOfBackground_anInteractiveCallFindsRoomAtOnce() throws SQLException {
    pods(Ledgers.unlimited().withPace(100, Duration.ofHours(1), 2));
    for (int id = 1; two.reserve(background(id)) instanceof Granted || id < 130; id++) {
      clock.advance(Duration.ofSeconds(36));
    }
    assertThat(two.reserve(background(1000))).isInstanceOf(Wait.class);

    granted(one.reserve(request(1001)));
  }

  @Test
  void retries_areATenthOfTheCalls_butOneInFiveSecondsInAnyCase() throws SQLException {
    granted(one.reserve(retry(1)));
    Wait wait = waits(two.reserve(retry(2)));
    assertThat(wait.why()).isEqualTo(Fate.UPSTREAM_UNAVAILABLE);
    assertThat(wait.delay()).isLessThanOrEqualTo(Duration.ofSeconds(5));
    granted(two.reserve(request(2)));
    clock.advance(Duration.ofSeconds(5));
    granted(two.reserve(retry(3)));
    waits(two.reserve(retry(4)));

    for (int id = 10; id < 40; id++) {
      granted(one.reserve(request(id)));
    }
    granted(two.reserve(retry(4))); // the third of 34
    waits(two.reserve(retry(5)));
  }
}
