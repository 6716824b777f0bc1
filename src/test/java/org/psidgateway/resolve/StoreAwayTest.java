package org.psidgateway.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Verdict;

/** What a list is answered while PostgreSQL can't be asked. */
class StoreAwayTest extends ResolverHarness {

  StoreAwayTest() {
    store.away = true;
  }

  @Test
  void resolve_answersWhatTheCachesKnow_andSpendsNothingOnTheRest() {
    keepInL1(1, 11);
    l2.shared().put(2L, 22L);
    assertThat(resolve(query(1, 2, 3)))
        .isEqualTo(Map.of(1L, "11 CACHE", 2L, "22 CACHE", 3L, "STORE_UNAVAILABLE null"));
    assertThat(conversions.queued).isEmpty();
  }

  @Test
  void resolve_fails_whenNoCacheKnowsAnything() {
    subscribed(resolver.resolve(query(1, 2))).assertFailedWith(StoreUnreadable.class);
    assertThat(conversions.queued).isEmpty();
  }

  @Test
  void resolve_answersAll_whenTheCachesKnowAll() {
    keepInL1(1, 11);
    l2.shared().put(2L, 22L);
    assertThat(resolve(query(1, 2))).isEqualTo(Map.of(1L, "11 CACHE", 2L, "22 CACHE"));
  }

  @Test
  void resolve_answersWhatTheReplicaKnew() {
    store.replica.put(1L, 11L);
    assertThat(resolve(query(1, 2)))
        .isEqualTo(Map.of(1L, "11 STORE", 2L, "STORE_UNAVAILABLE null"));
    assertThat(resolve(query(1))).isEqualTo(Map.of(1L, "11 CACHE"));
  }

  @Test
  void resolve_leavesUnavailable_whatCouldBeAPsid() {
    keepInL1(1, 11);
    assertThat(resolve(orPsids(1, 2)))
        .isEqualTo(Map.of(1L, "11 CACHE", 2L, "STORE_UNAVAILABLE null"));
  }

  @Test
  void resolve_takesNoNegativeForAnAnswer_whenTheIdCouldBeAPsid() {
    keepInL1(1, 11);
    keepInL1(2, Verdict.UNMAPPED);
    assertThat(resolve(orPsids(1, 2)))
        .isEqualTo(Map.of(1L, "11 CACHE", 2L, "STORE_UNAVAILABLE null"));
    subscribed(resolver.resolve(orPsids(2))).assertFailedWith(StoreUnreadable.class);
  }
}
