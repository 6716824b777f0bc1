package org.psidgateway.migration.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.migration.work.Conserved.assertConserved;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Ledgers;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.limits.Signal;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.Tariffs;

/** Calls of a migration at an upstream that spends no quota, and may tell of all Pages at once. */
@Beside
class MatchingAccountTest extends OneMigration {
  private static final PageId OTHER_PAGE = new PageId(200);
  private static final String TOLD =
      "concat_ws(' ', mapped, unmapped, unanswered, under_way, units, units_held, units_uncertain, calls, asked)";

  enum Upstream {
    PER_ID(Tariffs.PER_ID),
    PER_PERSON(Tariffs.PER_PERSON);

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
    private final Tariff tariff;

    Upstream(Tariff tariff) {
      this.tariff = tariff;
    }
  }

  @BeforeEach
  void list() {
    list = Listed.running(dataSource, 60);
  }

  private void at(Upstream upstream) {
    pods(Ledgers.unlimited().withTariff(upstream.tariff));
  }

  private static PageFindings told(PageId page, long[] asids, long verdict) {
    return new PageFindings(page, Findings.of(asids, verdict));
  }

  private static Settlement matched(
      Granted granted, List<PageFindings> findings, long[] answered, long[] missing, long[] more) {
    return Settlement.matched(
        granted.call(),
        findings,
        List.of(told(OTHER_PAGE, ids(41, 42), 99)),
        answered,
        missing,
        more,
        answered.length,
        "answered",
        Signal.OPEN,
        Usage.UNKNOWN);
  }

  private String told() {
    return list.text(sql, TOLD);
  }

  @ParameterizedTest
  @EnumSource
  void answer_decidesByWhatItSaysOfTheOwnPage_andSpendsNothing(Upstream upstream)
      throws SQLException {
    at(upstream);
    Granted granted = granted(ids(1, 60));
    assertThat(granted.asids()).hasSize(50);
    assertThat(told()).isEqualTo("0 0 0 50 0 0 0 0 0");

    settle(
        matched(
            granted,
            List.of(
                told(OTHER_PAGE, ids(1, 40), 7),
                told(PAGE, ids(1, 20), 8),
                told(new PageId(300), ids(1, 40), Verdict.UNMAPPED)),
            ids(1, 40),
            ids(41, 41),
            ids(42, 42)));

    assertThat(told()).isEqualTo("20 0 0 0 0 0 0 1 50");
    assertThat(list.verdict(sql, 20)).isEqualTo("8");
    assertThat(list.verdict(sql, 21)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void uncertainCall_leavesItsIdsUnanswered_alsoOfADeadPod_andHoldsNothing(Upstream upstream)
      throws SQLException {
    at(upstream);
    lose(granted(ids(1, 10)));
    Granted dead = granted(ids(11, 20));
    later();
    assertThat(two.sweep()).isEqualTo(1);
    assertConserved(sql, list);
    assertThat(told()).isEqualTo("0 0 20 0 0 0 0 2 20");
    later();

    Granted again = granted(ids(1, 15));
    settle(matched(dead, List.of(told(PAGE, ids(11, 20), 5)), ids(11, 20), ids(1, 0), ids(1, 0)));
    assertThat(told()).isEqualTo("5 0 0 15 0 0 0 2 20");
    settle(matched(again, List.of(told(PAGE, ids(1, 15), 5)), ids(1, 15), ids(1, 0), ids(1, 0)));

    assertThat(told()).isEqualTo("20 0 0 0 0 0 0 3 35");
  }

  @ParameterizedTest
  @EnumSource
  void quotaCap_cutsNoCallThatSpendsNothing(Upstream upstream) throws SQLException {
    at(upstream);
    list.set(sql, "quota_cap = 7");

    assertThat(granted(ids(1, 60)).asids()).hasSize(50);
  }

  @ParameterizedTest
  @EnumSource
  void idInACallUnderWay_isTheCalls_whateverOthersSay(Upstream upstream) throws SQLException {
    at(upstream);
    Granted granted = granted(ids(1, 10));
    joined(ids(5, 12), 1, 1, 1, 1, 1, 1, 1, 1);
    assertThat(told()).isEqualTo("2 0 0 10 0 0 0 0 0");

    settle(matched(granted, List.of(told(PAGE, ids(1, 10), 5)), ids(1, 10), ids(1, 0), ids(1, 0)));

    assertThat(told()).isEqualTo("12 0 0 0 0 0 0 1 10");
  }
}
