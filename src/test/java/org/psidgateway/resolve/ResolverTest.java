package org.psidgateway.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Verdict;

/** Which tier answers what, and what is left to the next. */
class ResolverTest extends ResolverHarness {

  @Test
  void resolve_asksNobody_whenL1KnowsAll() {
    keepInL1(1, 11);
    keepInL1(2, Verdict.UNMAPPED);
    keepInL1(3, Verdict.REJECTED);
    assertThat(resolve(query(1, 2, 3)))
        .isEqualTo(
            Map.of(
                1L, "11 CACHE",
                2L, "NOT_RETURNED_BY_UPSTREAM CACHE",
                3L, "REJECTED_BY_UPSTREAM CACHE"));
    assertThat(l2.asked()).isEmpty();
    assertThat(store.asked).isEmpty();
    assertThat(conversions.queued).isEmpty();
  }

  @Test
  void resolve_asksEachTier_forWhatThoseBeforeLack() {
    keepInL1(1, 11);
    l2.shared().put(2L, 22L);
    store.rows.put(3L, 33L);
    conversions.converted.put(4L, 44L);
    assertThat(resolve(query(1, 2, 3, 4)))
        .isEqualTo(Map.of(1L, "11 CACHE", 2L, "22 CACHE", 3L, "33 STORE", 4L, "44 UPSTREAM"));
    assertThat(l2.asked()).containsExactly(2L, 3L, 4L);
    assertThat(store.asked).containsExactly(3L, 4L);
    assertThat(conversions.queued).containsExactly(4L);
  }

  @Test
  void resolve_remembersWhatItFound() {
    l2.shared().put(1L, 11L);
    store.rows.put(2L, 22L);
    store.rows.put(3L, Verdict.UNMAPPED);
    resolve(query(1, 2, 3));
    assertThat(l2.shared()).isEqualTo(Map.of(1L, 11L, 2L, 22L, 3L, Verdict.UNMAPPED));
    assertThat(resolve(query(1, 2, 3)))
        .isEqualTo(Map.of(1L, "11 CACHE", 2L, "22 CACHE", 3L, "NOT_RETURNED_BY_UPSTREAM CACHE"));
    assertThat(store.asked).containsExactly(2L, 3L);
  }

  @Test
  void resolve_doesNotShare_whatOtherPodsMayNotHave() {
    store.replica.put(1L, 11L);
    store.shareable = false;
    assertThat(resolve(query(1))).isEqualTo(Map.of(1L, "11 STORE"));
    assertThat(l2.shared()).isEmpty();
    assertThat(resolve(query(1))).isEqualTo(Map.of(1L, "11 CACHE"));
  }

  @Test
  void resolve_asksAgain_whenANegativeInL1IsAMinuteOld() {
    keepInL1(1, Verdict.UNMAPPED);
    now = now.plusSeconds(60);
    store.rows.put(1L, 11L);
    assertThat(resolve(query(1))).isEqualTo(Map.of(1L, "11 STORE"));
  }

  @Test
  void resolve_neverConverts_whenOnlyKnownIdsAreWanted() {
    store.rows.put(1L, 11L);
    assertThat(resolve(knownOnly(1, 2))).isEqualTo(Map.of(1L, "11 STORE", 2L, "NOT_KNOWN null"));
    assertThat(conversions.patience).isEmpty();
  }

  @Test
  void resolve_answersPending_whenPatienceEnds() {
    UniAssertSubscriber<Answers> caller = subscribed(resolver.resolve(query(1)));
    ticker.advance(PATIENCE.minusNanos(1));
    caller.assertNotTerminated();
    ticker.advance(Duration.ofNanos(1));
    assertThat(lines(caller.assertCompleted().getItem())).isEqualTo(Map.of(1L, "QUEUED null"));
  }

  @Test
  void resolve_waitsForTheRestOfItsPatience_whenLookingUpTookTime() {
    store.hangs = true;
    UniAssertSubscriber<Answers> caller = subscribed(resolver.resolve(query(1)));
    ticker.advance(Duration.ofMillis(500));
    store.goOn();
    assertThat(conversions.patience).containsExactly(PATIENCE.minusMillis(500));
    ticker.advance(PATIENCE.minusMillis(500));
    caller.assertCompleted();
  }

  @Test
  void resolve_answersAtOnceAndStillQueues_whenThereIsNoPatienceLeft() {
    ResolveQuery query = query(1);
    ticker.advance(PATIENCE);
    assertThat(resolve(query)).isEqualTo(Map.of(1L, "QUEUED null"));
    assertThat(conversions.queued).containsExactly(1L);
    assertThat(conversions.patience).containsExactly(Duration.ZERO);
  }

  @Test
  void resolve_givesTheStoreAGrace_onTopOfPatience() {
    store.rows.put(1L, 11L);
    ResolveQuery query = query(1);
    resolve(query);
    assertThat(store.deadlines).containsExactly(query.deadline() + 350_000_000);
  }

  @Test
  void resolve_queuesNothing_whenTheCallerHangsUpMeanwhile() {
    store.hangs = true;
    UniAssertSubscriber<Answers> caller = subscribed(resolver.resolve(query(1)));
    caller.cancel();
    assertThat(store.abandoned).isTrue();
    assertThat(conversions.queued).isEmpty();
    assertThat(ticker.armed()).isZero();
  }

  @Test
  void answers_areCountedByFateAndSource() {
    keepInL1(1, 11);
    conversions.converted.put(2L, Verdict.UNMAPPED);
    resolve(query(1, 2));
    resolve(query(1));
    assertThat(answers("mapped", "none")).isEqualTo(2);
    assertThat(answers("unmapped", "not_returned_by_upstream")).isEqualTo(1);
    assertThat(sources("cache")).isEqualTo(2);
    assertThat(sources("upstream")).isEqualTo(1);
    assertThat(sources("store")).isZero();
  }

  @Test
  void duration_isThatOfListsThatTookNoConversion() {
    store.hangs = true;
    store.rows.put(1L, 11L);
    UniAssertSubscriber<Answers> known = subscribed(resolver.resolve(query(1)));
    ticker.advance(Duration.ofMillis(70));
    store.goOn();
    known.assertCompleted();
    conversions.converted.put(2L, 22L);
    resolve(query(2));
    assertThat(registry.get("gateway.lookup.duration").tag("kind", "list").timer())
        .satisfies(
            timer -> {
              assertThat(timer.count()).isEqualTo(1);
              assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(70);
            });
  }

  private double answers(String status, String reason) {
    return registry
        .get("gateway.answers")
        .tags("status", status, "reason", reason)
        .counter()
        .count();
  }

  private double sources(String source) {
    return registry.get("gateway.answers.source").tag("source", source).counter().count();
  }
}
