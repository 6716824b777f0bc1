package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.PAGE;
import static org.psidgateway.ledger.Asks.answer;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.ids;
import static org.psidgateway.ledger.Asks.request;
import static org.psidgateway.ledger.Asks.waits;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.psidgateway.books.LedgerEntry;
import org.psidgateway.books.QuotaReport;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Nothing;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.model.Fate;
import org.psidgateway.testing.Beside;

/** What calls of unknown outcome cost, and what becomes of their ids. */
@Beside
class UncertainCallsTest extends TwoPods {

  @Test
  void muchUncertainty_letsOneSmallCallAtATimeGo_uncertainIdsFirst_andAnyOtherElse()
      throws SQLException {
    pods(Ledgers.unlimited().withCeiling(1000).withUncertainCap(0.01));
    lose(granted(one.reserve(request(ids(1, 11)))));
    assertThat(waits(two.reserve(request(20))).why()).isEqualTo(Fate.UPSTREAM_UNAVAILABLE);
    clock.advance(Duration.ofSeconds(6));

    Granted again = granted(two.reserve(request(20, 21, 1, 2)));
    assertThat(again.asids()).containsExactly(1);
    waits(one.reserve(request(3)));
    lose(again);
    clock.advance(Duration.ofSeconds(3));

    // Nobody wants the uncertain ids any more: the upstream's return is found all the same.
    Granted other = granted(two.reserve(request(20, 21, 22)));
    assertThat(other.asids()).containsExactly(20);
    two.settle(answer(other));
    Granted twice = granted(two.reserve(request(21, 22, 23, 24)));
    assertThat(twice.asids()).containsExactly(21, 22);
    two.settle(answer(twice));
    assertThat(granted(two.reserve(request(ids(31, 40)))).asids()).hasSize(4);
  }

  @Test
  void hangOfADay_costsTheCap_andAHandfulMore() throws SQLException {
    pods(Ledgers.unlimited().withCeiling(100_000).withUncertainCap(0.01));
    Duration passed = Duration.ZERO;
    for (long next = 1; passed.compareTo(Duration.ofDays(1)) < 0; ) {
      Decision decision = (next % 2 == 0 ? one : two).reserve(request(ids(next, next + 199)));
      Duration step = Duration.ofSeconds(10); // the time-out of a call
      if (decision instanceof Wait wait) {
        step = wait.delay();
      }
      clock.advance(step);
      passed = passed.plus(step);
      if (decision instanceof Granted granted) {
        next += granted.asids().length;
        lose(granted);
      }
    }
    assertThat(books.quota().uncertain()).isBetween(1_001L, 1_000L + 200 + 320);
  }

  @Test
  void upstreamThatFlaps_costsNoMoreUncertainUnits_thanItGivesPsids() throws SQLException {
    pods(Ledgers.unlimited().withCeiling(1_000_000).withUncertainCap(0.001));
    long next = 1;
    for (int hang = 0; hang < 6; hang++) {
      Granted lost = granted(one.reserve(request(ids(next, next + 199))));
      next += 200;
      lose(lost);
    }
    long before = books.quota().uncertain();
    for (int flap = 0; flap < 20; flap++) {
      for (int answers = 0; answers < 10; answers++) {
        clock.advance(Duration.ofSeconds(2));
        Granted granted = granted(one.reserve(request(ids(next, next + 199))));
        next += 200;
        two.settle(answer(granted));
      }
      Granted hangs = granted(one.reserve(request(ids(next, next + 199))));
      next += 200;
      lose(hangs);
    }
    QuotaReport quota = books.quota();
    assertThat(before).isBetween(1_001L, 1_200L);
    assertThat(quota.uncertain() - before).isLessThanOrEqualTo(quota.committed());
  }

  @Test
  void idsStayMarkedUncertain_whateverBecomesOfTheCallsAfter() throws SQLException {
    pods(Ledgers.unlimited().withCeiling(1000).withUncertainCap(0.01));
    lose(granted(one.reserve(request(ids(1, 11)))));
    clock.advance(Duration.ofSeconds(6));
    one.settle(Settlement.unsent(granted(two.reserve(request(1, 2, 3))).call(), "connect"));
    throttle(granted(two.reserve(request(1, 2, 3))));
    clock.advance(Duration.ofSeconds(3));

    assertThat(granted(two.reserve(request(50, 4, 3))).asids()).containsExactly(4);
  }

  @Test
  void idsOfOneCall_areFreeWhenTheirOwnTimeIsUp() throws SQLException {
    for (int i = 0; i < 3; i++) {
      one.settle(Settlement.uncertain(granted(one.reserve(request(1))).call(), "timeout"));
      clock.advance(Duration.ofSeconds(41));
    }
    Granted both = granted(one.reserve(request(1, 2)));
    one.settle(Settlement.uncertain(both.call(), "timeout"));
    clock.advance(Duration.ofSeconds(6));

    Decision.Seen seen =
        two.revisit(Map.of(both.callId(), new long[] {1, 2}), Map.of(PAGE, new long[] {1, 2}))
            .seen();

    assertThat(seen.foreign().get(both.callId())).containsExactly(1);
    assertThat(granted(two.reserve(request(1, 2))).asids()).containsExactly(2);
  }

  @Test
  void upstreamsOwnFigure_takesThePlaceOfWhatIsUncertain_andLateAnswersMoveNothing()
      throws SQLException {
    one.settle(answer(granted(one.reserve(request(ids(1, 10))))));
    Granted lost = granted(one.reserve(request(ids(11, 15))));
    one.settle(Settlement.uncertain(lost.call(), "timeout"));
    clock.advance(Duration.ofMinutes(1));
    Instant figure = clock.instant();
    clock.advance(Duration.ofMinutes(1));
    one.settle(answer(granted(one.reserve(request(21, 22)))));
    Granted fresh = granted(one.reserve(request(31, 32, 33)));
    one.settle(Settlement.uncertain(fresh.call(), "timeout"));
    Granted underWay = granted(one.reserve(request(41)));

    LedgerEntry.Reconciliation entry = books.reconcile(13, figure, "by the dashboard", "alice");

    assertThat(entry.cleared()).isEqualTo(5);
    assertThat(entry.was()).isEqualTo(12);
    QuotaReport quota = books.quota();
    assertThat(quota.committed()).isEqualTo(15); // the figure, and what was settled after it
    assertThat(quota.uncertain()).isEqualTo(3); // may still be carried out
    assertThat(quota.held()).isEqualTo(1);
    one.settle(answer(lost));
    one.settle(answer(underWay));
    assertThat(books.quota().committed()).isEqualTo(16);
    assertThat(one.reserve(request(11))).isInstanceOf(Nothing.class);
    assertThat(books.entries(Long.MAX_VALUE, 3).get(0)).isEqualTo(entry);
    assertThat(books.entries(entry.number(), 100)).hasSize(5);
  }
}
