package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.OTHER_PAGE;
import static org.psidgateway.ledger.Asks.answer;
import static org.psidgateway.ledger.Asks.denied;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.request;
import static org.psidgateway.ledger.Asks.waits;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.limits.Signal;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.testing.Beside;

/** What the upstream only hints at: a used-up quota, a closed window, a wrong secret. */
@Beside
class SuspicionTest extends TwoPods {

  @Test
  void eightRefusedProbesWithLittleUse_hintAtTheLifetimeQuota_andAProbeADayFindsOut()
      throws SQLException {
    throttle(granted(one.reserve(request(1))), new Usage(3, Usage.NOT_REPORTED));
    for (int probes = 0; probes < 8; probes++) {
      clock.advance(Duration.ofMinutes(90));
      throttle(granted(two.reserve(request(1))), new Usage(3, Usage.NOT_REPORTED));
    }
    assertThat(denied(one.reserve(request(2))).why()).isEqualTo(Fate.QUOTA_EXHAUSTED);
    assertThat(books.quota().suspectedExhausted()).isTrue();
    clock.advance(Duration.ofHours(23));
    denied(one.reserve(request(2)));

    clock.advance(Duration.ofHours(4));
    Granted daily = granted(one.reserve(request(2)));
    waits(two.reserve(request(3)));
    one.settle(answer(daily));
    granted(two.reserve(request(3)));
    assertThat(books.quota().suspectedExhausted()).isFalse();
  }

  @Test
  void refusedProbesWithMuchUse_hintAtNothing() throws SQLException {
    throttle(granted(one.reserve(request(1))), new Usage(130, Usage.NOT_REPORTED));
    for (int probes = 0; probes < 9; probes++) {
      clock.advance(Duration.ofMinutes(90));
      throttle(granted(one.reserve(request(1))), new Usage(130, Usage.NOT_REPORTED));
    }
    assertThat(books.quota().suspectedExhausted()).isFalse();
  }

  @Test
  void notAllowedOnTwoPagesInARow_orDeprecatedAgainAndAgain_closesTheAppUntilSomebodyAsks()
      throws SQLException {
    deny(granted(one.reserve(request(1))), Signal.DENIED);
    deny(granted(one.reserve(request(1))), Signal.DENIED);
    assertThat(books.window().suspectedClosed()).isFalse();
    deny(granted(one.reserve(request(OTHER_PAGE, Lane.INTERACTIVE, 1))), Signal.DENIED);

    assertThat(books.window().suspectedClosed()).isTrue();
    assertThat(denied(two.reserve(request(new PageId(300), Lane.INTERACTIVE, 1))).why())
        .isEqualTo(Fate.WINDOW_CLOSED);

    books.trust();
    Granted probe = granted(one.reserve(request(new PageId(300), Lane.INTERACTIVE, 1)));
    waits(two.reserve(request(2)));
    one.settle(answer(probe));
    assertThat(books.window().suspectedClosed()).isFalse();

    for (int answers = 0; answers < 3; answers++) {
      assertThat(books.window().suspectedClosed()).isFalse();
      deny(granted(two.reserve(request(5))), Signal.RETIRED);
    }
    assertThat(books.window().suspectedClosed()).isTrue();
  }

  @Test
  void notAllowedOnTwoPages_withAnAnswerBetween_hintsAtNothing() throws SQLException {
    deny(granted(one.reserve(request(1))), Signal.DENIED);
    one.settle(answer(granted(one.reserve(request(2)))));
    deny(granted(one.reserve(request(OTHER_PAGE, Lane.INTERACTIVE, 1))), Signal.DENIED);

    assertThat(books.window().suspectedClosed()).isFalse();
  }

  @Test
  void rejectedProof_stopsAllPagesForAMinute_thenOneCallAMinuteFindsOut() throws SQLException {
    deny(granted(one.reserve(request(1))), Signal.UNPROVEN);
    assertThat(denied(two.reserve(other(1))).why()).isEqualTo(Fate.APP_SECRET_REJECTED);
    assertThat(books.limits().unproven()).isTrue();

    clock.advance(Duration.ofSeconds(59));
    denied(one.reserve(request(1)));
    clock.advance(Duration.ofSeconds(2));
    Granted probe = granted(two.reserve(other(1)));
    waits(one.reserve(request(1)));
    deny(probe, Signal.UNPROVEN);
    denied(one.reserve(request(1)));

    clock.advance(Duration.ofSeconds(61));
    one.settle(answer(granted(one.reserve(request(1)))));
    one.settle(answer(granted(two.reserve(request(2)))));
    one.settle(answer(granted(two.reserve(other(3)))));
    assertThat(books.limits().unproven()).isFalse();
  }

  @Test
  void proofThatIsRejectedOnOnePageAlone_leavesTheOthersAlone_untilItsTokenIsSetAnew()
      throws SQLException {
    deny(granted(one.reserve(request(1))), Signal.UNPROVEN);
    clock.advance(Duration.ofSeconds(61));
    one.settle(answer(granted(two.reserve(other(1)))));

    deny(granted(one.reserve(request(1))), Signal.UNPROVEN);

    granted(two.reserve(other(2)));
    clock.advance(Duration.ofMinutes(4));
    assertThat(denied(two.reserve(request(2))).why()).isEqualTo(Fate.APP_SECRET_REJECTED);
    assertThat(books.limits().unproven()).isTrue();
    books.trust();
    one.settle(answer(granted(two.reserve(request(2)))));
    assertThat(books.limits().unproven()).isFalse();
  }

  @Test
  void rejectedProof_isNoProofOfAUsedUpQuota_norTheOtherWayRound() throws SQLException {
    deny(granted(one.reserve(request(1))), Signal.UNPROVEN);
    for (int probes = 0; probes < 8; probes++) {
      clock.advance(Duration.ofMinutes(90));
      throttle(granted(two.reserve(request(1))), new Usage(3, Usage.NOT_REPORTED));
    }
    assertThat(denied(one.reserve(other(2))).why()).isEqualTo(Fate.QUOTA_EXHAUSTED);

    clock.advance(Duration.ofHours(27));
    deny(granted(one.reserve(other(2))), Signal.UNPROVEN);

    assertThat(denied(one.reserve(other(2))).why()).isEqualTo(Fate.APP_SECRET_REJECTED);
  }

  private static Ledger.Request other(long asid) {
    return request(OTHER_PAGE, Lane.INTERACTIVE, asid);
  }

  private void deny(Granted granted, Signal signal) throws SQLException {
    one.settle(
        Settlement.refused(
            granted.call(), Findings.NONE, signal.kind().name(), signal, Usage.UNKNOWN));
  }
}
