package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.OTHER_PAGE;
import static org.psidgateway.ledger.Asks.PAGE;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.ids;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Nothing;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.limits.Signal;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.Tariffs;

/**
 * An upstream that says everybody's PSIDs on all Pages at once, and has neither quota nor window.
 */
@Beside
class HarvestTest extends OneLedger {
  private static final Ledgers HARVEST = Ledgers.unlimited().withTariff(Tariffs.PER_PERSON);

  private LedgerPod one;
  private LedgerPod two;

  @BeforeEach
  void pods() {
    one = HARVEST.on(dataSource);
    two = HARVEST.on(dataSource);
    books = HARVEST.books(dataSource, clock);
  }

  @Test
  void reserve_claimsAPersonForAllPages_soThatNoPodAsksForAnotherPage() throws SQLException {
    Granted first = granted(one.reserve(wanted(PAGE, 1)));

    Decision second = two.reserve(wanted(OTHER_PAGE, 1));

    assertThat(second).isInstanceOf(Nothing.class);
    assertThat(second.seen().foreign()).containsOnlyKeys(first.callId());
    assertThat(first.pages()).containsExactly(PAGE, OTHER_PAGE);
    assertThat(sql.number("select count(*) from call where page_id = 0")).isEqualTo(1);
  }

  @Test
  void settle_keepsWhatWasSaidOfEveryPage_andNobodyAsksAgain() throws SQLException {
    Granted call = granted(one.reserve(wanted(PAGE, 1, 2)));
    one.settle(
        settlement(
            call,
            List.of(told(PAGE, ids(1, 2), 11, Verdict.UNMAPPED)),
            List.of(told(OTHER_PAGE, ids(1, 2), Verdict.UNMAPPED, 22))));

    Decision other = two.reserve(wanted(OTHER_PAGE, 1, 2));

    assertThat(other).isInstanceOf(Nothing.class);
    assertThat(other.seen().known()).hasSize(1);
    Findings known = other.seen().known().get(0).findings();
    assertThat(known.asids()).containsExactly(2, 1);
    assertThat(known.verdicts()).containsExactly(22, Verdict.UNMAPPED);
    assertThat(sql.number("select count(*) from claim")).isZero();
  }

  @Test
  void reserve_asksAnId_untilEveryPageThatIsWantedIsKnown() throws SQLException {
    Granted call = granted(one.reserve(wanted(PAGE, 1)));
    one.settle(settlement(call, List.of(told(PAGE, ids(1, 1), 11)), List.of()));

    Map<PageId, long[]> both = Map.of(PAGE, ids(1, 1), OTHER_PAGE, ids(1, 1));
    Granted again = granted(one.reserve(request(ids(1, 1), both, Set.of())));

    assertThat(again.seen().known()).singleElement().extracting(PageFindings::page).isEqualTo(PAGE);
  }

  @Test
  void reserve_namesPagesThatAreRemovedOrPausedByHand_andDoesNotAskForThemAlone()
      throws SQLException {
    sql.execute("update page set paused = true where page_id = 200");
    Decision paused = one.reserve(wanted(OTHER_PAGE, 1));
    assertThat(paused).isInstanceOf(Nothing.class);
    assertThat(paused.seen().paused()).containsExactly(OTHER_PAGE);

    Map<PageId, long[]> both = Map.of(PAGE, ids(1, 1), OTHER_PAGE, ids(1, 1));
    Granted call = granted(one.reserve(request(ids(1, 1), both, Set.of())));
    assertThat(call.seen().paused()).containsExactly(OTHER_PAGE);
    assertThat(call.pages()).as("its rows are kept all the same").contains(OTHER_PAGE);

    assertThat(one.reserve(wanted(new PageId(300), 2)).seen().paused())
        .containsExactly(new PageId(300));
  }

  @Test
  void pageWhoseTokenWasRefused_isAskedAboutAllTheSame() throws SQLException {
    sql.execute("update page set paused = true, pause_reason = 'token_invalid', token = null");

    assertThat(granted(one.reserve(wanted(PAGE, 1))).seen().paused()).isEmpty();
  }

  @Test
  void storedMapping_staysAndIsCounted_ifTheUpstreamContradictsIt() throws SQLException {
    sql.execute("insert into mapping values (200, 1, 77, now())");
    Granted call = granted(one.reserve(wanted(PAGE, 1)));

    one.settle(
        settlement(
            call, List.of(told(PAGE, ids(1, 1), 11)), List.of(told(OTHER_PAGE, ids(1, 1), 99))));

    assertThat(sql.number("select psid from mapping where page_id = 200")).isEqualTo(77);
    assertThat(one.contradicted()).isEqualTo(1);
  }

  @Test
  void unmapped_isNotWrittenBesideAMapping() throws SQLException {
    sql.execute("insert into mapping values (200, 1, 77, now())");
    Granted call = granted(one.reserve(wanted(PAGE, 1)));

    one.settle(
        settlement(
            call,
            List.of(told(PAGE, ids(1, 1), 11)),
            List.of(told(OTHER_PAGE, ids(1, 1), Verdict.UNMAPPED))));

    assertThat(sql.number("select count(*) from negative")).isZero();
  }

  @Test
  void negativeOfAPageThatNobodyAskedAbout_isInvalidatedInAllPods_onceItIsMapped()
      throws SQLException {
    sql.execute(
        "insert into negative (page_id, asid, verdict, upstream, resolved_at, checked_at)"
            + " values (200, 1, -1, 1, now(), now())");
    Granted call = granted(one.reserve(wanted(PAGE, 1)));

    one.settle(
        settlement(
            call, List.of(told(PAGE, ids(1, 1), 11)), List.of(told(OTHER_PAGE, ids(1, 1), 22))));

    assertThat(
            sql.number(
                "select count(*) from invalidation where what = 'mapping' and page_id = 200 and asid = 1"))
        .isEqualTo(1);
    assertThat(sql.number("select count(*) from negative")).isZero();
  }

  @Test
  void negativeOfTheOtherUpstream_isAskedAgain_andMappingsAreKept() throws SQLException {
    sql.execute("insert into mapping values (100, 1, 11, now())");
    sql.execute(
        "insert into negative (page_id, asid, verdict, resolved_at, checked_at)"
            + " values (100, 2, -1, now(), now()), (100, 3, -2, now(), now())");

    Granted call = granted(one.reserve(wanted(PAGE, 1, 2, 3)));

    assertThat(call.asids()).containsExactly(2, 3);
    assertThat(call.seen().known().get(0).findings().asids()).containsExactly(1);
  }

  @Test
  void missingId_isBelievedByWhoeverAsksNext_notBeforeASecond_andForADay() throws SQLException {
    Granted first = granted(one.reserve(wanted(PAGE, 1)));
    assertThat(first.missing()).isEmpty();
    one.settle(missing(first, 1));

    assertThat(two.reserve(wanted(PAGE, 1))).isInstanceOf(Nothing.class);
    clock.advance(Duration.ofMillis(1_100));
    Granted second = granted(two.reserve(wanted(OTHER_PAGE, 1)));
    assertThat(second.missing()).containsExactly(1L);

    two.settle(Settlement.uncertain(second.call(), "timeout"));
    clock.advance(Duration.ofMinutes(1));
    Granted third = granted(one.reserve(wanted(PAGE, 1)));
    assertThat(third.missing()).as("kept with the claim").containsExactly(1L);
    one.settle(settlement(third, List.of(told(PAGE, ids(1, 1), Verdict.REJECTED)), List.of()));
    assertThat(sql.number("select count(*) from claim")).isZero();
  }

  @Test
  void missingId_isForgottenAfterADay() throws SQLException {
    one.settle(missing(granted(one.reserve(wanted(PAGE, 1))), 1));
    clock.advance(Duration.ofHours(25));

    assertThat(granted(two.reserve(wanted(PAGE, 1))).missing()).isEmpty();
    one.settle(missing(granted(one.reserve(wanted(PAGE, 2))), 2));
    clock.advance(Duration.ofHours(25));
    one.sweep();
    assertThat(sql.number("select count(*) from claim where asid = 2")).isZero();
  }

  @Test
  void claimOfAnIdWithMoreToRead_passesToTheSameProcess_andToOthersAfterAMinute()
      throws SQLException {
    Granted first = granted(one.reserve(wanted(PAGE, 1)));
    one.settle(further(first, 1));
    assertThat(two.reserve(wanted(PAGE, 1))).isInstanceOf(Nothing.class);

    Granted next =
        granted(one.reserve(request(ids(1, 1), Map.of(PAGE, ids(1, 1)), Set.of(first.callId()))));
    assertThat(next.asids()).containsExactly(1);
    one.settle(further(next, 1));

    clock.advance(Duration.ofSeconds(61));
    assertThat(granted(two.reserve(wanted(PAGE, 1))).asids()).containsExactly(1);
  }

  @Test
  void uncertainCall_holdsNoUnits_andItsClaimsLapseAfterTheSameTimeAlways() throws SQLException {
    for (int i = 0; i < 3; i++) {
      Granted call = granted(one.reserve(wanted(PAGE, 1)));
      one.settle(Settlement.uncertain(call.call(), "timeout"));
      assertThat(two.reserve(wanted(PAGE, 1))).isInstanceOf(Nothing.class);
      clock.advance(Duration.ofMillis(5_100));
    }
    assertThat(granted(two.reserve(wanted(PAGE, 1))).asids()).containsExactly(1);
    assertThat(books.quota().uncertain()).isZero();
  }

  @Test
  void books_haveNeitherLimitNorWindow_andCountWhatWasConverted() throws SQLException {
    sql.execute("update budget set committed = 7, uncertain = 3, sealed_at = now()");
    Granted call = granted(one.reserve(wanted(PAGE, 1)));
    one.settle(
        settlement(
            call, List.of(told(PAGE, ids(1, 1), 11)), List.of(told(OTHER_PAGE, ids(1, 1), 22))));

    assertThat(books.quota().limit()).isNull();
    assertThat(books.quota().remaining()).isNull();
    assertThat(books.quota().committed()).isEqualTo(7);
    assertThat(books.quota().uncertain()).isEqualTo(3);
    assertThat(books.converted()).isEqualTo(2);
    assertThat(books.window().closesAt()).isNull();
    assertThat(books.callers(clock.instant().minusSeconds(60)))
        .as("PSIDs of Pages that somebody waited for")
        .singleElement()
        .satisfies(spent -> assertThat(spent.conversions()).isEqualTo(1));
  }

  @Test
  void call_waitsUntilAllItsOperationsFit_andHasAtMostAsManyAsThePace() throws SQLException {
    LedgerPod paced = HARVEST.withPace(30, Duration.ofMinutes(1), 3).on(dataSource);

    Granted all = granted(paced.reserve(wanted(PAGE, ids(1, 50))));
    assertThat(all.asids()).hasSize(30);
    paced.settle(settlement(all, List.of(), List.of()));

    Wait wait = Asks.waits(paced.reserve(wanted(PAGE, ids(31, 33))));
    assertThat(wait.why()).isEqualTo(Fate.QUEUED);
    clock.advance(Duration.ofSeconds(70));
    assertThat(granted(paced.reserve(wanted(PAGE, ids(31, 33)))).asids()).hasSize(3);
  }

  @Test
  void backgroundCalls_useTheWholePace_thoughItsLastBatchWouldBeAFragment() throws SQLException {
    LedgerPod paced = HARVEST.withPace(200, Duration.ofHours(1), 200).on(dataSource);
    int asked = 0;
    for (int call = 0; call < 4; call++) {
      long[] asids = ids(100 * call + 1, 100 * call + 50);
      Granted granted =
          granted(paced.reserve(request(Lane.BACKGROUND, asids, Map.of(PAGE, asids), Set.of())));
      paced.settle(settlement(granted, List.of(), List.of()));
      asked += granted.asids().length;
    }
    assertThat(asked).isEqualTo(196);
  }

  @Test
  void restartOfPostgres_usesUpTheBurst_whichIsOneOfFullCalls() throws SQLException {
    LedgerPod paced = HARVEST.withPace(200, Duration.ofHours(1), 3).on(dataSource);
    granted(paced.reserve(wanted(PAGE, 1)));
    sql.execute(
        "update budget set server_started = 'epoch', next_grant_at = 'epoch'", "delete from call");

    paced.reserve(wanted(PAGE, 2));
    clock.advance(Duration.ofSeconds(20));

    Wait wait = Asks.waits(paced.reserve(wanted(PAGE, ids(11, 60))));
    assertThat(wait.delay()).isGreaterThan(Duration.ofMinutes(10));
  }

  @Test
  void whatAPagesTokenWasTold_doesNotHoldBackAnAppsToken() throws SQLException {
    Tariff pageByPage = Tariffs.PER_ID;
    LedgerPod pod = Ledgers.unlimited().withTariff(pageByPage).on(dataSource);
    sql.execute(
        "insert into standing (page_id, strikes, cooldown_until, usage, usage_at, suspicion,"
            + " suspected_until) values (100, 3, now() + interval '1 hour', 99, now(),"
            + " 'app_secret_rejected', now() + interval '1 hour')");

    for (long asid = 1; asid <= 3; asid++) {
      long[] one = {asid};
      Granted granted =
          granted(
              pod.reserve(
                  new Ledger.Request(
                      UUID.randomUUID(),
                      PAGE,
                      Lane.INTERACTIVE,
                      one,
                      OneCaller.of(one),
                      Map.of(PAGE, one),
                      Set.of(),
                      pageByPage,
                      false,
                      false,
                      Duration.ofSeconds(10))));
      assertThat(granted.probe()).isFalse();
    }
  }

  @Test
  void pageThatIsDeletedWhileACallIsReserved_isNotAmongThoseAskedAbout() throws Exception {
    try (Connection held = dataSource.getConnection()) {
      held.setAutoCommit(false);
      held.createStatement().execute("select 1 from budget for update");
      var reserved =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return one.reserve(wanted(PAGE, 1));
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      Awaitility.await().until(() -> sql.lockWaits() > 0);
      held.createStatement().execute("delete from page where page_id = 200");
      held.commit();

      assertThat(granted(reserved.join()).pages()).containsExactly(PAGE);
    }
  }

  @Test
  void burst_countsCalls_howeverManyOperationsEachHas() throws SQLException {
    LedgerPod paced = HARVEST.withPace(200, Duration.ofHours(1), 3).on(dataSource);

    for (int call = 0; call < 3; call++) {
      granted(paced.reserve(wanted(PAGE, ids(100 * call + 1, 100 * call + 50))));
    }
    assertThat(paced.reserve(wanted(PAGE, ids(901, 950)))).isInstanceOf(Wait.class);
  }

  @Test
  void whatTheUpstreamRefuses_coolsTheApp() throws SQLException {
    Granted call = granted(one.reserve(wanted(PAGE, 1)));
    one.settle(
        Settlement.throttled(
            call.call(), true, Optional.of(Duration.ofMinutes(3)), "x", Usage.UNKNOWN));

    assertThat(Asks.waits(two.reserve(wanted(OTHER_PAGE, 2))).why()).isEqualTo(Fate.COOLING_DOWN);
    assertThat(two.coolingDown(PageId.ANY)).isTrue();
  }

  private static Ledger.Request wanted(PageId page, long... asids) {
    return request(asids, Map.of(page, asids), Set.of());
  }

  private static Ledger.Request request(
      long[] asids, Map<PageId, long[]> wanted, Set<UUID> continued) {
    return request(Lane.INTERACTIVE, asids, wanted, continued);
  }

  private static Ledger.Request request(
      Lane lane, long[] asids, Map<PageId, long[]> wanted, Set<UUID> continued) {
    return new Ledger.Request(
        UUID.randomUUID(),
        PageId.ANY,
        lane,
        asids,
        OneCaller.of(asids),
        wanted,
        continued,
        Tariffs.PER_PERSON,
        false,
        false,
        Duration.ofSeconds(10));
  }

  private static PageFindings told(PageId page, long[] asids, long... verdicts) {
    return new PageFindings(page, Findings.of(asids, verdicts));
  }

  private static Settlement settlement(
      Granted call, List<PageFindings> wanted, List<PageFindings> unasked) {
    int returned = 0;
    for (List<PageFindings> all : List.of(wanted, unasked)) {
      for (PageFindings told : all) {
        for (long verdict : told.findings().verdicts()) {
          returned += Verdict.isPsid(verdict) ? 1 : 0;
        }
      }
    }
    return Settlement.matched(
        call.call(),
        wanted,
        unasked,
        call.asids(),
        new long[0],
        new long[0],
        returned,
        "answered",
        Signal.OPEN,
        Usage.UNKNOWN);
  }

  private static Settlement missing(Granted call, long asid) {
    return open(call, new long[] {asid}, new long[0]);
  }

  private static Settlement further(Granted call, long asid) {
    return open(call, new long[0], new long[] {asid});
  }

  private static Settlement open(Granted call, long[] missing, long[] further) {
    return Settlement.matched(
        call.call(),
        List.of(),
        List.of(),
        new long[0],
        missing,
        further,
        0,
        "answered",
        Signal.OPEN,
        Usage.UNKNOWN);
  }
}
