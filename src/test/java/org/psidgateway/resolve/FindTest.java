package org.psidgateway.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.Source;
import org.psidgateway.model.Verdict;

/** One id, in both directions. */
class FindTest extends ResolverHarness {

  private Optional<Mapping> find(long asid) {
    return subscribed(resolver.find(PAGE, asid, deadline(PATIENCE))).assertCompleted().getItem();
  }

  @Test
  void find_asksL1Alone_whenItKnowsTheId() {
    keepInL1(1, 11);
    assertThat(find(1))
        .contains(
            new Mapping(
                PAGE, 1, 11, Source.CACHE, ScriptedStore.CHECKED_AT, ScriptedStore.CHECKED_AT));
    assertThat(store.asked).isEmpty();
  }

  @Test
  void find_asksTheStore_andRemembersWhatItSays() {
    store.rows.put(1L, 11L);
    store.rows.put(2L, Verdict.UNMAPPED);
    assertThat(find(1)).map(Mapping::source).contains(Source.STORE);
    assertThat(find(2)).map(Mapping::verdict).contains(Verdict.UNMAPPED);
    assertThat(find(1)).map(Mapping::source).contains(Source.CACHE);
    assertThat(l2.shared()).isEqualTo(Map.of(1L, 11L, 2L, Verdict.UNMAPPED));
    assertThat(store.asked).containsExactly(1L, 2L);
  }

  @Test
  void find_doesNotShare_whatOtherPodsMayNotHave() {
    store.rows.put(1L, 11L);
    store.shareable = false;
    assertThat(find(1)).isPresent();
    assertThat(l2.shared()).isEmpty();
  }

  @Test
  void find_isEmptyAndNeverConverts_whenNothingIsKnown() {
    assertThat(find(1)).isEmpty();
    assertThat(conversions.queued).isEmpty();
  }

  @Test
  void find_fails_whenTheStoreIsAway() {
    store.away = true;
    subscribed(resolver.find(PAGE, 1, deadline(PATIENCE))).assertFailedWith(StoreUnreadable.class);
  }

  @Test
  void find_passesItsDeadlineOn() {
    long deadline = deadline(PATIENCE);
    find(1);
    assertThat(store.deadlines).containsExactly(deadline);
  }

  @Test
  void duration_isThatOfIdsFoundOrNot_butNotOfFailures() {
    store.hangs = true;
    UniAssertSubscriber<Optional<Mapping>> caller =
        subscribed(resolver.find(PAGE, 1, deadline(PATIENCE)));
    ticker.advance(Duration.ofMillis(30));
    store.goOn();
    caller.assertCompleted();
    keepInL1(2, 22);
    find(2);
    store.away = true;
    subscribed(resolver.find(PAGE, 3, deadline(PATIENCE))).assertFailedWith(StoreUnreadable.class);
    assertThat(registry.get("gateway.lookup.duration").tag("kind", "single").timer())
        .satisfies(
            timer -> {
              assertThat(timer.count()).isEqualTo(2);
              assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
            });
  }

  @Test
  void findByPsid_listsWhatTheStoreHas() {
    store.rows.put(1L, 11L);
    store.rows.put(2L, 22L);
    List<Mapping> found =
        subscribed(resolver.findByPsid(PAGE, 11, deadline(PATIENCE))).assertCompleted().getItem();
    assertThat(found).extracting(Mapping::asid).containsExactly(1L);
  }

  @Test
  void findByPsid_fails_whenTheStoreIsAway() {
    store.away = true;
    subscribed(resolver.findByPsid(PAGE, 11, deadline(PATIENCE)))
        .assertFailedWith(StoreUnreadable.class);
  }
}
