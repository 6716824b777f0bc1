package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.OTHER_PAGE;
import static org.psidgateway.ledger.Asks.PAGE;
import static org.psidgateway.ledger.Asks.answer;
import static org.psidgateway.ledger.Asks.background;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.ids;
import static org.psidgateway.ledger.Asks.request;

import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.psidgateway.books.Books;
import org.psidgateway.books.QuotaReport;
import org.psidgateway.books.WindowReport;
import org.psidgateway.ledger.Decision.Denied;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Nothing;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.Beside;

/** The life of calls, in a ledger that nothing but its quota limits. */
@Beside
class LedgerTest extends OneLedger {
  @Test
  void reserve_grantsAndHolds_whatIsFree() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 2, 3)));

    assertThat(granted.asids()).containsExactly(1, 2, 3);
    assertThat(granted.tokenRevision()).isEqualTo(1);
    assertThat(books.quota()).isEqualTo(quota(0, 3, 0));
  }

  @Test
  void settle_commitsWhatWasReturned_andReleasesTheRest() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 2, 3)));

    ledger.settle(answered(granted, new long[] {11, Verdict.UNMAPPED, 13}, 2));

    assertThat(books.quota()).isEqualTo(quota(2, 0, 0));
    Nothing nothing = (Nothing) ledger.reserve(request(3, 2, 1));
    assertThat(known(nothing)).isEqualTo(Map.of(1L, 11L, 2L, Verdict.UNMAPPED, 3L, 13L));
    assertThat(books.quota()).isEqualTo(quota(2, 0, 0));
  }

  @Test
  void settle_movesUnitsOnce_howeverOftenItIsReported() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 2)));
    Settlement answer = answered(granted, new long[] {11, 12}, 2);

    ledger.settle(answer);
    ledger.settle(answer);
    ledger.settle(Settlement.unsent(granted.call(), "late"));
    ledger.settle(Settlement.uncertain(granted.call(), "late"));

    assertThat(books.quota()).isEqualTo(quota(2, 0, 0));
  }

  @Test
  void settle_answersWhatIsStored_whereAnImportWasFaster() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 2, 3, 4)));
    sql.execute(
        "insert into mapping (page_id, asid, psid, resolved_at)"
            + " values (100, 1, 91, now()), (100, 2, 12, now()), (100, 3, 93, now())");

    Settled settled =
        ledger.settle(answered(granted, new long[] {11, 12, Verdict.UNMAPPED, 14}, 3));

    PageFindings told =
        new PageFindings(
            PAGE, Findings.of(granted.asids(), new long[] {11, 12, Verdict.UNMAPPED, 14}));
    assertThat(settled.committed(told).findings().verdicts()).containsExactly(91, 12, 93, 14);
    assertThat(known((Nothing) ledger.reserve(request(1, 2, 3, 4))))
        .isEqualTo(Map.of(1L, 91L, 2L, 12L, 3L, 93L, 4L, 14L));
    assertThat(books.quota()).isEqualTo(quota(3, 0, 0));
  }

  @Test
  void settle_keepsNegativesAsTheyStood_forDownloadsOfAnEarlierMoment() throws SQLException {
    settle(Verdict.REJECTED);
    assertThat(superseded()).isEmpty();

    clock.advance(Duration.ofDays(31));
    settle(Verdict.UNMAPPED); // it had expired
    assertThat(superseded()).containsExactly(Verdict.REJECTED);
    clock.advance(Duration.ofDays(31));
    settle(11);

    assertThat(superseded()).containsExactly(Verdict.REJECTED, Verdict.UNMAPPED);
  }

  private void settle(long verdict) throws SQLException {
    Granted granted = granted(ledger.reserve(request(1)));
    ledger.settle(answered(granted, new long[] {verdict}, verdict > 0 ? 1 : 0));
  }

  private List<Long> superseded() {
    return sql.numbers("select verdict from superseded_negative where page_id = 100 order by at");
  }

  @Test
  void reserve_namesTheCall_thatAsksAnIdAlready() throws SQLException {
    Granted first = granted(ledger.reserve(request(1, 2)));

    Granted second = granted(ledger.reserve(request(2, 3)));

    assertThat(second.asids()).containsExactly(3);
    assertThat(second.seen().foreign()).containsOnlyKeys(first.callId());
    assertThat(second.seen().foreign().get(first.callId())).containsExactly(2);
    assertThat(ledger.revisit(second.seen().foreign(), Map.of(PAGE, ids(1, 3))).seen().foreign())
        .containsOnlyKeys(first.callId());
    ledger.settle(answered(first, new long[] {11, 12}, 2));
    Decision.Seen seen = ledger.revisit(second.seen().foreign(), Map.of(PAGE, ids(1, 3))).seen();
    assertThat(seen.foreign()).isEmpty();
    assertThat(seen.known().get(0).findings().verdicts()).containsExactly(12);
  }

  @Test
  void reserve_cutsTheBatch_toWhatTheQuotaHolds() throws SQLException {
    Ledgers fifty = Ledgers.unlimited().withCeiling(50);
    Ledger small = fifty.on(dataSource);
    Granted granted = granted(small.reserve(request(ids(1, 80))));
    assertThat(granted.asids()).hasSize(50);

    assertThat(small.reserve(request(ids(51, 80)))).isInstanceOf(Wait.class);
    long[] verdicts = answer(granted).findings().get(0).findings().verdicts();
    verdicts[0] = Verdict.UNMAPPED;
    small.settle(answered(granted, verdicts, 49));

    Granted last = granted(small.reserve(request(ids(51, 80))));
    assertThat(last.asids()).containsExactly(51);
    small.settle(answer(last));
    assertThat(((Denied) small.reserve(request(ids(52, 80)))).why())
        .isEqualTo(Fate.QUOTA_EXHAUSTED);
    assertThat(fifty.books(dataSource, clock).quota().remaining()).isZero();
    assertThat(claims()).isZero();
  }

  @Test
  void reserve_leavesTheFloor_toInteractiveCallers() throws SQLException {
    Ledger small = Ledgers.unlimited().withCeiling(100).on(dataSource);
    Granted granted = granted(small.reserve(background(ids(1, 100))));
    assertThat(granted.asids()).hasSize(95);
    small.settle(answer(granted));

    assertThat(((Denied) small.reserve(background(96))).why()).isEqualTo(Fate.QUOTA_RESERVED);
    assertThat(granted(small.reserve(request(96))).asids()).containsExactly(96);
  }

  @Test
  void quota_isTheFanShare_onceEveryPageHasItsFans() throws SQLException {
    assertThat(books.quota().limit()).isEqualTo(5_000_000);
    sql.execute("update page set fans = 1000 where page_id = 100");
    assertThat(books.quota().limit()).isEqualTo(5_000_000);
    sql.execute("update page set fans = 250 where page_id = 200");
    assertThat(books.quota().limit()).isEqualTo(12);
    assertThat(granted(ledger.reserve(request(ids(1, 20)))).asids()).hasSize(12);
  }

  @Test
  void unsentCall_givesBackUnitsPaceAndIds() throws SQLException {
    LedgerPod paced = Ledgers.unlimited().withPace(2, Duration.ofHours(1), 2).on(dataSource);
    for (int i = 0; i < 10; i++) {
      Granted granted = granted(paced.reserve(request(1, 2)));
      paced.settle(Settlement.unsent(granted.call(), "connect"));
    }
    assertThat(books.quota()).isEqualTo(quota(0, 0, 0));
    assertThat(paced.reserve(request(1))).isInstanceOf(Granted.class);
    assertThat(paced.reserve(request(2))).isInstanceOf(Granted.class);
    assertThat(paced.reserve(request(3))).isInstanceOf(Wait.class);
  }

  @Test
  void crashedCall_staysCounted_andItsIdsMayBeAskedAgainLater() throws SQLException {
    Granted crashed = granted(ledger.reserve(request(1, 2)));
    ledger.sweep();
    assertThat(books.quota()).isEqualTo(quota(0, 2, 0));

    clock.advance(Duration.ofSeconds(16));
    ledger.sweep();
    ledger.sweep();
    assertThat(books.quota()).isEqualTo(quota(0, 0, 2));
    assertThat(ledger.reserve(request(1, 2))).isInstanceOf(Nothing.class);

    clock.advance(Duration.ofSeconds(5));
    Granted again = granted(ledger.reserve(request(1, 2)));
    assertThat(again.asids()).containsExactly(1, 2);
    assertThat(books.quota()).isEqualTo(quota(0, 2, 2));

    // The zombie wakes up: what it brings is kept, and its units move from uncertain to committed.
    ledger.settle(answered(crashed, new long[] {11, 12}, 2));
    assertThat(books.quota()).isEqualTo(quota(2, 2, 0));
    assertThat(ledger.reserve(request(1))).isInstanceOf(Nothing.class);
    ledger.settle(answered(again, new long[] {11, 12}, 2));
    assertThat(books.quota()).isEqualTo(quota(4, 0, 0));
    assertThat(claims()).isZero();
  }

  @Test
  void unsentCall_givesBackItsUnits_alsoAfterTheSweepWasFaster() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 2)));
    clock.advance(Duration.ofSeconds(16));
    ledger.sweep();
    assertThat(books.quota()).isEqualTo(quota(0, 0, 2));

    ledger.settle(Settlement.unsent(granted.call(), "connect"));

    assertThat(books.quota()).isEqualTo(quota(0, 0, 0));
    assertThat(granted(ledger.reserve(request(1, 2))).asids()).hasSize(2);
  }

  @Test
  void uncertainCall_postponesItsIds_twiceAsLongEachTime() throws SQLException {
    for (int delay : new int[] {5, 10, 20}) {
      Granted granted = granted(ledger.reserve(request(1)));
      ledger.settle(Settlement.uncertain(granted.call(), "timeout"));
      clock.advance(Duration.ofSeconds(delay - 1));
      assertThat(ledger.reserve(request(1))).isInstanceOf(Nothing.class);
      clock.advance(Duration.ofSeconds(2));
    }
    assertThat(books.quota()).isEqualTo(quota(0, 0, 3));
  }

  @Test
  void mapping_neverYields_negativeAlwaysDoes() throws SQLException {
    Granted first = granted(ledger.reserve(request(1)));
    clock.advance(Duration.ofMinutes(1));
    ledger.sweep();
    clock.advance(Duration.ofMinutes(1));
    Granted second = granted(ledger.reserve(request(1)));
    ledger.settle(answered(second, new long[] {Verdict.UNMAPPED}, 0));
    assertThat(known(ledger.reserve(request(1)))).containsEntry(1L, Verdict.UNMAPPED);

    ledger.settle(answered(first, new long[] {11}, 1));
    assertThat(known(ledger.reserve(request(1)))).containsEntry(1L, 11L);

    ledger.settle(answered(second, new long[] {Verdict.REJECTED}, 0));
    assertThat(known(ledger.reserve(request(1)))).isEqualTo(Map.of(1L, 11L));
  }

  @Test
  void reserve_isDenied_whenThePageMayNotAsk() throws SQLException {
    sql.execute("update page set paused = true, pause_reason = 'operator' where page_id = 100");
    sql.execute("update page set token_revision = 0 where page_id = 200");
    assertThat(((Denied) ledger.reserve(request(1))).why()).isEqualTo(Fate.PAGE_PAUSED);
    assertThat(((Denied) ledger.reserve(request(OTHER_PAGE, Lane.INTERACTIVE, 1))).why())
        .isEqualTo(Fate.TOKEN_INVALID);
    assertThat(((Denied) ledger.reserve(request(new PageId(300), Lane.INTERACTIVE, 1))).why())
        .isEqualTo(Fate.PAGE_PAUSED);
  }

  @Test
  void reserve_isDenied_onceTheWindowHasClosed() throws SQLException {
    LocalDate tomorrow = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).plusDays(1);
    Ledgers closed = Ledgers.unlimited().withClosedOn(tomorrow);
    Ledger closing = closed.on(dataSource);
    Books window = closed.books(dataSource, clock);
    assertThat(window.window().state()).isEqualTo(WindowReport.State.CLOSING);
    assertThat(closing.reserve(request(1))).isInstanceOf(Granted.class);

    clock.advance(Duration.ofDays(1));
    assertThat(((Denied) closing.reserve(request(2))).why()).isEqualTo(Fate.WINDOW_CLOSED);
    assertThat(window.window().state()).isEqualTo(WindowReport.State.SEALED);
  }

  private static Settlement answered(Granted granted, long[] verdicts, int returned) {
    return Settlement.answered(
        granted.call(), Findings.of(granted.asids(), verdicts), returned, Usage.UNKNOWN);
  }

  private static Map<Long, Long> known(Decision decision) {
    Map<Long, Long> known = new HashMap<>();
    for (PageFindings told : decision.seen().known()) {
      for (int i = 0; i < told.findings().size(); i++) {
        known.put(told.findings().asids()[i], told.findings().verdicts()[i]);
      }
    }
    return known;
  }

  private static QuotaReport quota(long committed, long held, long uncertain) {
    long limit = 5_000_000;
    return new QuotaReport(
        limit, committed, held, uncertain, limit - committed - held - uncertain, 250_000L, false);
  }

  private long claims() throws SQLException {
    return sql.number("select count(*) from claim");
  }
}
