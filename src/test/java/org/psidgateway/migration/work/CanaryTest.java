package org.psidgateway.migration.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.limits.Signal;
import org.psidgateway.migration.State;
import org.psidgateway.migration.list.ListVerdict;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.Beside;

/** Whether the rest of a list may follow its first ids: 10 of 100, of which half may be invalid. */
@Beside
class CanaryTest extends OneMigration {
  private Canary canary;

  @BeforeEach
  void canary() {
    canary = new Canary(decisions);
    list = Listed.running(dataSource, 100);
    list.set(sql, "state = 'canary', canary_ids = 10, canary_max_invalid_ratio = 0.5");
  }

  private long judge() throws SQLException {
    return canary.judge(list.id(), fence);
  }

  private void refused(long... asids) throws SQLException {
    settle(
        Settlement.refused(
            granted(asids).call(),
            Findings.of(asids, Verdict.REJECTED),
            "invalid_ids",
            Signal.OPEN,
            Usage.UNKNOWN));
  }

  @Test
  void goodOnes_letTheRestFollow() throws SQLException {
    settle(answer(granted(ids(1, 5))));
    refused(ids(6, 10));

    assertThat(judge()).isEqualTo(Canary.REST);

    assertThat(state()).isEqualTo("running");
    assertThat(diary()).containsExactly("canary running gateway");
    assertThat(list.text(sql, "canary_done")).isEqualTo("t");
  }

  @Test
  void badOnes_pause_onceNoCallIsUnderWay() throws SQLException {
    settle(answer(granted(ids(1, 4))));
    refused(ids(5, 10));
    Granted underWay = granted(11);

    assertThat(judge()).isEqualTo(Canary.NO_MORE);
    assertThat(state()).isEqualTo("canary");
    assertThat(judge()).isEqualTo(Canary.NO_MORE);
    settle(answer(underWay));

    assertThat(state()).isEqualTo("paused");
    assertThat(diary()).containsExactly("canary paused canary_failed gateway");
    assertThat(list.text(sql, "canary_done")).isEqualTo("t");
  }

  @Test
  void badOnes_pauseAtOnce_ifNoCallIsUnderWay() throws SQLException {
    refused(ids(1, 10));

    assertThat(judge()).isEqualTo(Canary.NO_MORE);

    assertThat(diary()).containsExactly("canary paused canary_failed gateway");
  }

  @Test
  void unansweredOnes_areStillToBeAsked() throws SQLException {
    settle(answer(granted(ids(1, 7))));
    lose(granted(8, 9));

    assertThat(judge()).isEqualTo(3);
    assertThat(state()).isEqualTo("canary");
  }

  @Test
  void onesUnderWay_areWaitedFor_andNoOthersAskedInTheirPlace() throws SQLException {
    settle(answer(granted(ids(1, 4))));
    Granted ofAnotherPod = granted(ids(5, 9));

    assertThat(judge()).isEqualTo(1);
    Granted last = granted(10);
    assertThat(judge()).isEqualTo(Canary.WAIT);
    assertThat(state()).isEqualTo("canary");
    settle(answer(ofAnotherPod));
    settle(answer(last));

    assertThat(judge()).isEqualTo(Canary.REST);
  }

  @Test
  void ratio_isOfWhatWasAnswered_notOfWhatWasKnown() throws SQLException {
    list.set(sql, "invalid = 50, known_invalid = 50, unmapped = 20, known_unmapped = 20");
    sql.execute(
        "update list_%d_id set verdict = -2, decided = 0 where asid > 50".formatted(list.no()),
        "update list_%d_id set verdict = -1, decided = 0 where asid between 31 and 50"
            .formatted(list.no()));
    assertThat(judge()).isEqualTo(10);
    settle(answer(granted(ids(1, 10))));

    assertThat(judge()).isEqualTo(Canary.REST);
  }

  @Test
  void idsThatFailed_countAsAnswered() throws SQLException {
    settle(answer(granted(ids(1, 9))));
    joined(new long[] {10}, ListVerdict.REFUSED_ALONE);

    assertThat(judge()).isEqualTo(Canary.REST);
  }

  @Test
  void listWhoseOtherIdsWereAnsweredMeanwhile_waitsForNoMoreThanThereAre() throws SQLException {
    long[] most = ids(1, 95);
    list.set(sql, "canary_ids = 98");
    joined(most, most);

    assertThat(judge()).isEqualTo(3);
    Granted all = granted(ids(96, 100));
    assertThat(judge()).isEqualTo(Canary.WAIT);
    settle(answer(all));

    assertThat(judge()).isEqualTo(Canary.NO_MORE);
    assertThat(diary()).containsExactly("canary completed gateway");
  }

  @Test
  void pausedOrStoppingMeanwhile_isNotJudged() throws SQLException {
    settle(answer(granted(ids(1, 10))));
    Granted underWay = granted(11);
    decisions.move(list.id(), fence, State.PAUSED, "quota_exhausted");
    assertThat(judge()).isEqualTo(Canary.NO_MORE);
    settle(answer(underWay));
    assertThat(judge()).isEqualTo(Canary.NO_MORE);

    assertThat(state()).isEqualTo("paused");
    assertThat(list.text(sql, "canary_done")).isEqualTo("f");
  }
}
