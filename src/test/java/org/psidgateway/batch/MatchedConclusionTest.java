package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.batch.BatchHarness.ids;
import static org.psidgateway.batch.ScriptedUpstream.answers;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.psidgateway.batch.BatchHarness.Caller;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.limits.Signal;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.Tariffs;
import org.psidgateway.upstream.Outcome;
import org.psidgateway.upstream.Outcome.Match;
import org.psidgateway.upstream.Outcome.Matched;
import org.psidgateway.upstream.Question.Further;
import org.psidgateway.upstream.UpstreamError;

/** From the answer to a batch of operations to the callers, who wait for any Page. */
class MatchedConclusionTest {
  private static final PageId ONE = new PageId(100);
  private static final PageId TWO = new PageId(200);
  private static final PageId NEW = new PageId(300);
  private static final long[] NOBODY = {};

  private final BatchHarness heart = new BatchHarness(Tariffs.PER_PERSON);

  @BeforeEach
  void twoPages() {
    heart.ledger.pages = List.of(ONE, TWO);
    heart.upstream.rest = asids -> Uni.createFrom().item(complete(asids));
  }

  @AfterEach
  void nothingIsLeftBehind() {
    heart.assertQuietInTheEnd(asids -> Uni.createFrom().item(complete(asids)));
  }

  @Test
  void callersForTwoPages_areAnsweredByOneOperation() {
    Caller one = join(ONE, 1);
    Caller two = join(TWO, 1);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(heart.upstream.asked).hasSize(1);
    assertThat(heart.upstream.questions.get(0).page()).isEqualTo(PageId.ANY);
    assertThat(psid(one, 1)).isEqualTo(1_001);
    assertThat(psid(two, 1)).isEqualTo(2_001);
  }

  @Test
  void pagesThatNobodyWaitsFor_areKept_butNotCached() {
    heart.upstream.script.add(
        answers(matched(List.of(new Match(1, ONE, 11), new Match(2, TWO, 22)), ids(1, 2))));

    Caller caller = join(ONE, 1, 2);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(caller.fates()).containsExactly(Fate.MAPPED, Fate.NOT_RETURNED_BY_UPSTREAM);
    Settlement settled = heart.ledger.settled.get(0);
    assertVerdicts(settled.findings(), ONE, Map.of(1L, 11L, 2L, Verdict.UNMAPPED));
    assertVerdicts(settled.unasked(), TWO, Map.of(1L, Verdict.UNMAPPED, 2L, 22L));
    assertThat(heart.cached).singleElement().extracting(Findings::size).isEqualTo(2);
  }

  @Test
  void rowOfAPageThatIsNotRegistered_isPassedOver() {
    heart.upstream.script.add(answers(matched(List.of(new Match(1, NEW, 33)), ids(1, 1))));

    Caller caller = join(ONE, 1);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(caller.fates()).containsExactly(Fate.NOT_RETURNED_BY_UPSTREAM);
    assertVerdicts(heart.ledger.settled.get(0).unasked(), TWO, Map.of(1L, Verdict.UNMAPPED));
  }

  @Test
  void pageThatWasRegisteredLater_isAskedByAnotherCall() {
    Caller late = join(NEW, 1);
    heart.ticker.advance(BatchHarness.LINGER);
    assertThat(heart.upstream.asked).hasSize(1);
    assertThat(late.answers.isOpen(0)).isTrue();

    heart.ledger.pages = List.of(ONE, TWO, NEW);
    heart.ticker.advance(Duration.ofSeconds(1));

    assertThat(late.fates()).containsExactly(Fate.MAPPED);
  }

  @Test
  void operationsWithoutAnAnswer_areAskedAgain_aloneAndAsARetry_ifTheyAreMost() {
    heart.upstream.script.add(answers(matched(List.of(new Match(1, ONE, 11)), ids(1, 1))));

    Caller caller = join(ONE, 1, 2, 3);
    heart.ticker.advance(BatchHarness.LINGER);
    assertThat(caller.answers.isOpen(1)).isTrue();
    heart.ticker.advance(Duration.ofSeconds(1));

    assertThat(caller.fates()).containsExactly(Fate.MAPPED, Fate.MAPPED, Fate.MAPPED);
    assertThat(heart.upstream.asked.get(1)).containsExactly(2, 3);
    assertThat(heart.ledger.requests.get(1).retry()).isTrue();
  }

  @Test
  void operationWithoutAnAnswer_amongOthers_isAskedAgainBesideOthers() {
    heart.upstream.script.add(answers(matched(List.of(), ids(1, 2))));

    Caller caller = join(ONE, 1, 2, 3);
    heart.ticker.advance(BatchHarness.LINGER);
    Caller next = join(ONE, 4);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(caller.fateOf(3)).isEqualTo(Fate.MAPPED);
    assertThat(next.fates()).containsExactly(Fate.MAPPED);
    assertThat(heart.upstream.asked.get(1)).containsExactly(3, 4);
    assertThat(heart.ledger.requests.get(1).retry()).isFalse();
  }

  @Test
  void operationThatNeverHasAnAnswer_isARetryInTheEnd_andEnds() {
    heart.upstream.rest = asids -> Uni.createFrom().item(matched(List.of(), without(3, asids)));

    Caller caller = join(ONE, 1, 2, 3);
    for (int first = 10; caller.answers.isOpen(2) && first < 100; first += 2) {
      join(ONE, first, first + 1);
      heart.ticker.advance(Duration.ofSeconds(20));
    }

    assertThat(caller.fateOf(3)).isEqualTo(Fate.UPSTREAM_UNAVAILABLE);
    assertThat(heart.ledger.requests).filteredOn(Ledger.Request::retry).hasSize(3);
    assertThat(heart.upstream.asked.size()).isLessThan(20);
  }

  private static long[] without(long asid, long[] asids) {
    return LongStream.of(asids).filter(any -> any != asid).toArray();
  }

  @Test
  void throttleInTheMiddle_keepsWhatWasAnswered_andSendsTheRestBack() {
    Matched cut =
        matched(
            List.of(new Match(1, ONE, 11)),
            ids(1, 1),
            Map.of(),
            NOBODY,
            NOBODY,
            Optional.of(refused(UpstreamError.THROTTLED_APP)));
    heart.upstream.script.add(answers(cut));

    Caller caller = join(ONE, 1, 2);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(heart.ledger.settled.get(0).signal().isThrottle()).isTrue();
    assertThat(heart.ledger.settled.get(0).outcome()).isEqualTo("throttled_app");
    assertThat(psid(caller, 1)).isEqualTo(11);
    heart.ticker.advance(Duration.ofSeconds(1));
    assertThat(psid(caller, 2)).isEqualTo(1_002);
  }

  @ParameterizedTest
  @CsvSource({
    "APP_SECRET, UNPROVEN, APP_SECRET_REJECTED",
    "PERMISSION, THROTTLED, PERMISSION_DENIED",
    "RETIRED, THROTTLED, UPSTREAM_UNAVAILABLE",
    "MISADDRESSED, THROTTLED, UPSTREAM_UNAVAILABLE"
  })
  void whatConcernsEveryCall_endsTheWait_andStopsCallsForAWhile(
      UpstreamError error, Signal.Kind signal, Fate fate) {
    heart.upstream.script.add(
        answers(matched(List.of(), NOBODY, Map.of(), NOBODY, NOBODY, Optional.of(refused(error)))));
    heart.upstream.script.add(answers(refused(error)));

    Caller within = join(ONE, 1);
    heart.ticker.advance(BatchHarness.LINGER);
    Caller asAWhole = join(ONE, 2);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(within.fates()).containsExactly(fate);
    assertThat(asAWhole.fates()).containsExactly(fate);
    assertThat(heart.ledger.settled)
        .extracting(settled -> settled.signal().kind())
        .containsExactly(signal, signal);
    assertThat(heart.pages.paused).isEmpty();
  }

  @Test
  void idThatIsRefusedByItself_ends_andTheOthersDoNot() {
    heart.upstream.script.add(
        answers(
            matched(
                List.of(new Match(1, ONE, 11)),
                ids(1, 1),
                Map.of(),
                NOBODY,
                ids(2, 2),
                Optional.empty())));

    Caller caller = join(ONE, 1, 2);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(caller.fates()).containsExactly(Fate.MAPPED, Fate.REFUSED_ALONE);
    assertThat(verdicts(heart.ledger.settled.get(0).findings())).containsOnlyKeys(1L);
  }

  @Test
  void missingId_isRejected_onlyIfAnEarlierCallSaidSoToo() {
    Matched missing = matched(List.of(), NOBODY, Map.of(), ids(1, 1), NOBODY, Optional.empty());
    heart.upstream.script.add(answers(missing));
    heart.upstream.script.add(answers(missing));
    heart.ledger.restOfLooks =
        awaited -> new Ledger.Revisit(ScriptedLedger.NOTHING_SEEN, Duration.ofSeconds(1));

    Caller caller = join(ONE, 1);
    heart.ticker.advance(BatchHarness.LINGER);
    assertThat(heart.ledger.settled.get(0).claims().missing()).containsExactly(1);
    assertThat(heart.ledger.settled.get(0).findings()).isEmpty();
    assertThat(caller.answers.isOpen(0)).isTrue();

    heart.ledger.missing = Set.of(1L);
    heart.ticker.advance(Duration.ofSeconds(6));

    assertThat(caller.fates()).containsExactly(Fate.REJECTED_BY_UPSTREAM);
    assertVerdicts(heart.ledger.settled.get(1).findings(), ONE, Map.of(1L, Verdict.REJECTED));
    assertVerdicts(heart.ledger.settled.get(1).unasked(), TWO, Map.of(1L, Verdict.REJECTED));
  }

  @Test
  void furtherPage_isReadByACallOfItsOwn_thatContinuesTheClaim_andRowsAreKeptAtOnce() {
    heart.upstream.script.add(
        answers(
            matched(
                List.of(new Match(1, ONE, 11)),
                NOBODY,
                Map.of(1L, "cursor"),
                NOBODY,
                NOBODY,
                Optional.empty())));
    heart.upstream.script.add(answers(matched(List.of(), ids(1, 1))));

    Caller one = join(ONE, 1);
    Caller two = join(TWO, 1);
    heart.ticker.advance(BatchHarness.LINGER);
    assertThat(psid(one, 1)).isEqualTo(11);
    assertThat(two.answers.isOpen(0)).isTrue();
    heart.ticker.advance(Duration.ofSeconds(1));

    assertThat(two.fates()).containsExactly(Fate.NOT_RETURNED_BY_UPSTREAM);
    assertThat(heart.upstream.questions.get(1).further().get(1L))
        .isEqualTo(Further.after("cursor"));
    assertThat(heart.ledger.requests.get(1).continued())
        .containsExactly(heart.ledger.requests.get(0).callId());
    assertThat(heart.ledger.settled.get(0).claims().further()).containsExactly(1);
    assertThat(verdicts(heart.ledger.settled.get(1).findings()))
        .as("the row of the first page is no negative")
        .containsOnly(Map.entry(1L, Verdict.UNMAPPED));
    assertThat(heart.ledger.settled.get(1).unasked()).isEmpty();
  }

  @Test
  void answerThatNeverEnds_isGivenUpAfterTwentyPages_andThePageIsAskedAboutAlone() {
    Matched endless =
        matched(List.of(), NOBODY, Map.of(1L, "cursor"), NOBODY, NOBODY, Optional.empty());
    for (int page = 0; page < Progress.MOST; page++) {
      heart.upstream.script.add(answers(endless));
    }
    heart.upstream.script.add(answers(matched(List.of(new Match(1, ONE, 11)), ids(1, 1))));

    Caller caller = join(ONE, 1);
    heart.ticker.advance(Duration.ofMinutes(1));

    assertThat(heart.upstream.questions.get(Progress.MOST).further().get(1L))
        .isEqualTo(Further.only(ONE));
    assertThat(psid(caller, 1)).isEqualTo(11);
    assertThat(verdicts(heart.ledger.settled.get(Progress.MOST).unasked())).isEmpty();
  }

  @Test
  void answerThatNeverEnds_evenForOnePage_isNoAnswer() {
    heart.upstream.rest =
        asids ->
            Uni.createFrom()
                .item(
                    matched(
                        List.of(),
                        NOBODY,
                        Map.of(asids[0], "cursor"),
                        NOBODY,
                        NOBODY,
                        Optional.empty()));

    Caller caller = join(ONE, 1);
    heart.ticker.advance(Duration.ofMinutes(1));

    assertThat(caller.fates()).containsExactly(Fate.UPSTREAM_UNAVAILABLE);
    assertThat(heart.upstream.asked).hasSize(Progress.MOST + 1);
  }

  @Test
  void pausedPage_endsTheWaitForIt_andOnlyThat() {
    heart.ledger.script.add(
        request ->
            heart.ledger.grant(request, new Decision.Seen(List.of(), Map.of(), Set.of(TWO)), 1));

    Caller one = join(ONE, 1);
    Caller two = join(TWO, 1);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(two.fates()).containsExactly(Fate.PAGE_PAUSED);
    assertThat(one.fates()).containsExactly(Fate.MAPPED);
  }

  @Test
  void idsOfCallersThatHaveLeft_areAskedForThePagesThatTheyWanted() {
    heart.new Caller(TWO, Lane.INTERACTIVE, Duration.ZERO, 7);
    heart.ticker.advance(BatchHarness.LINGER);

    assertThat(heart.ledger.requests.get(0).wanted()).containsOnlyKeys(TWO);
    assertVerdicts(heart.ledger.settled.get(0).findings(), TWO, Map.of(7L, 2_007L));
  }

  private Caller join(PageId page, long... asids) {
    return heart.new Caller(page, Lane.INTERACTIVE, Duration.ofDays(1), asids);
  }

  private static long psid(Caller caller, long asid) {
    int line = 0;
    while (caller.answers.asid(line) != asid) {
      line++;
    }
    return caller.answers.psid(line);
  }

  /** Everybody is known to both Pages, as 1000 or 2000 more. */
  private static Outcome complete(long[] asids) {
    List<Match> matches = new ArrayList<>();
    for (long asid : asids) {
      matches.add(new Match(asid, ONE, 1_000 + asid));
      matches.add(new Match(asid, TWO, 2_000 + asid));
      matches.add(new Match(asid, NEW, 3_000 + asid));
    }
    return matched(matches, asids);
  }

  private static Matched matched(List<Match> matches, long[] complete) {
    return matched(matches, complete, Map.of(), NOBODY, NOBODY, Optional.empty());
  }

  private static Matched matched(
      List<Match> matches,
      long[] complete,
      Map<Long, String> further,
      long[] missing,
      long[] refused,
      Optional<Outcome.Refused> stop) {
    return new Matched(
        matches, complete, further, missing, refused, matches.size(), stop, Usage.UNKNOWN);
  }

  private static Outcome.Refused refused(UpstreamError error) {
    return new Outcome.Refused(error, Findings.NONE, Optional.empty(), Usage.UNKNOWN, "code 1");
  }

  private static void assertVerdicts(
      List<PageFindings> told, PageId page, Map<Long, Long> expected) {
    assertThat(told).singleElement().extracting(PageFindings::page).isEqualTo(page);
    assertThat(verdicts(told)).isEqualTo(expected);
  }

  private static Map<Long, Long> verdicts(List<PageFindings> told) {
    Map<Long, Long> verdicts = new HashMap<>();
    for (PageFindings one : told) {
      for (int i = 0; i < one.findings().size(); i++) {
        verdicts.put(one.findings().asids()[i], one.findings().verdicts()[i]);
      }
    }
    return verdicts;
  }
}
